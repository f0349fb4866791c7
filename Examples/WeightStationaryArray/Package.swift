// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "WeightStationaryArray",
  dependencies: [.package(name: "weft", path: "../..")],
  targets: [
    .target(name: "WeightStationaryArray", dependencies: [.product(name: "Weft", package: "weft")]),
    .executableTarget(
      name: "EmitArray", dependencies: ["WeightStationaryArray", .product(name: "Weft", package: "weft")]),
    .testTarget(
      name: "WeightStationaryArrayTests",
      dependencies: ["WeightStationaryArray", .product(name: "WeftSimulation", package: "weft")]),
  ],
  swiftLanguageModes: [.v6]
)
