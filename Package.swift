// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "weft",
  products: [
    .library(name: "Weft", targets: ["Weft"]),
    .library(name: "WeftSimulation", targets: ["WeftSimulation"]),
    .library(name: "WeftFormal", targets: ["WeftFormal"]),
    .library(name: "WeftStreams", targets: ["WeftStreams"]),
    .library(name: "WeftNetworks", targets: ["WeftNetworks"]),
    .library(name: "WeftAccelerators", targets: ["WeftAccelerators"]),
    .library(name: "WeftExploration", targets: ["WeftExploration"]),
    .library(name: "WeftVerification", targets: ["WeftVerification"]),
    .library(name: "WeftBoards", targets: ["WeftBoards"]),
    .executable(name: "weft", targets: ["WeftTool"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
  ],
  targets: [
    // The language.
    .target(name: "WeftContext"),
    .target(name: "Weft", dependencies: ["WeftContext"]),
    // What is built on it.
    .target(
      name: "WeftSimulation",
      dependencies: ["Weft"],
      resources: [.embedInCode("Verilator/WeftModel.cpp")]),
    .target(name: "WeftFormal", dependencies: ["Weft", "WeftSimulation"]),
    .target(name: "WeftStreams", dependencies: ["Weft"]),
    .target(
      name: "WeftNetworks",
      dependencies: [.product(name: "SwiftProtobuf", package: "swift-protobuf")]),
    .target(name: "WeftAccelerators", dependencies: ["Weft", "WeftStreams", "WeftNetworks"]),
    .target(name: "WeftExploration", dependencies: ["WeftNetworks", "WeftAccelerators"]),
    .target(
      name: "WeftVerification",
      dependencies: ["Weft", "WeftSimulation", "WeftStreams", "WeftNetworks", "WeftAccelerators"]),
    .target(
      name: "WeftReport",
      dependencies: ["WeftSimulation", "WeftNetworks", "WeftAccelerators", "WeftExploration", "WeftVerification"]),
    .target(
      name: "WeftBoards",
      dependencies: ["Weft", "WeftStreams", "WeftAccelerators", "WeftExploration"],
      resources: [
        .embedInCode("Accelerators/Drivers/driver.py"), .embedInCode("Accelerators/Drivers/tensor.py"),
        .embedInCode("Accelerators/Drivers/platforms.py"),
        .embedInCode("Accelerators/Drivers/accelerator.h"), .embedInCode("Accelerators/Drivers/accelerator.c"),
        .embedInCode("Accelerators/Serial/serial_driver.py"), .embedInCode("Accelerators/Serial/lines.py"),
        .embedInCode("Accelerators/Drivers/emulator.h"), .embedInCode("Accelerators/Drivers/emulator.c"),
      ]),
    .executableTarget(
      name: "WeftTool",
      dependencies: [
        "Weft", "WeftSimulation", "WeftNetworks", "WeftAccelerators", "WeftExploration", "WeftVerification",
        "WeftReport", "WeftBoards",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(
      name: "WeftBench",
      dependencies: [
        "Weft", "WeftSimulation", "WeftNetworks", "WeftAccelerators", "WeftExploration", "WeftVerification",
        "WeftBoards",
      ]),
    .executableTarget(
      name: "WeftRegress", dependencies: ["Weft", "WeftSimulation", "WeftStreams", "WeftRandom"]),
    // What several of the tests use.
    .target(name: "WeftRandom", dependencies: ["Weft"], path: "Tests/Support/WeftRandom"),
    .target(name: "WeftLint", dependencies: ["Weft"], path: "Tests/Support/WeftLint"),
    .testTarget(name: "WeftTests", dependencies: ["Weft", "WeftSimulation", "WeftRandom", "WeftLint"]),
    .testTarget(
      name: "WeftDocumentationTests",
      dependencies: ["Weft", "WeftSimulation", "WeftStreams", "WeftFormal", "WeftLint"]),
    .testTarget(name: "WeftSimulationTests", dependencies: ["WeftSimulation", "WeftRandom"]),
    .testTarget(name: "WeftFormalTests", dependencies: ["WeftFormal", "WeftStreams", "WeftSimulation", "WeftRandom"]),
    .testTarget(name: "WeftStreamsTests", dependencies: ["WeftStreams", "WeftSimulation", "WeftLint"]),
    .testTarget(name: "WeftNetworksTests", dependencies: ["WeftNetworks"]),
    .testTarget(
      name: "WeftAcceleratorsTests",
      dependencies: ["WeftAccelerators", "WeftExploration", "WeftSimulation", "WeftLint"]),
    .testTarget(name: "WeftExplorationTests", dependencies: ["WeftExploration", "WeftAccelerators", "WeftNetworks"]),
    .testTarget(
      name: "WeftVerificationTests",
      dependencies: ["WeftVerification", "WeftExploration", "WeftAccelerators", "WeftNetworks", "WeftSimulation"]),
    .testTarget(name: "WeftBoardsTests", dependencies: ["WeftBoards", "WeftStreams"]),
    .testTarget(name: "WeftToolTests", dependencies: ["WeftTool", "WeftNetworks"]),
  ],
  swiftLanguageModes: [.v6]
)
