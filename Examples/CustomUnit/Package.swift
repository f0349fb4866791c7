// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "CustomUnit",
  dependencies: [.package(name: "weft", path: "../..")],
  targets: [
    .target(
      name: "CustomUnit",
      dependencies: [
        .product(name: "Weft", package: "weft"), .product(name: "WeftStreams", package: "weft"),
        .product(name: "WeftNetworks", package: "weft"), .product(name: "WeftAccelerators", package: "weft"),
      ]),
    .testTarget(
      name: "CustomUnitTests",
      dependencies: ["CustomUnit", .product(name: "WeftSimulation", package: "weft")]),
  ],
  swiftLanguageModes: [.v6]
)
