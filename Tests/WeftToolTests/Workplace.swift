import Foundation
import WeftNetworks

/// A folder with a small float32 model of two outputs, `model.onnx`, and two frames of its input, `latent.npy`. It is
/// removed with the value.
final class Workplace {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("weft-tool-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Self.network().onnxModel().write(to: file("model.onnx"))
    try Self.frames(2).write(npy: file("latent.npy"))
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func file(_ name: String) -> URL { folder.appendingPathComponent(name) }

  func weft(_ arguments: String...) throws -> ToolRun { try ToolRun(arguments, in: folder) }
  func weft(_ arguments: [String], input: URL? = nil) throws -> ToolRun {
    try ToolRun(arguments, in: folder, input: input)
  }
  /// Runs another program that is found as a shell finds it.
  func run(_ program: String, _ arguments: [String]) throws -> ToolRun {
    try ToolRun([program] + arguments, in: folder, program: URL(fileURLWithPath: "/usr/bin/env"))
  }

  /// The names of everything in a folder of the workplace, and what the files hold.
  func contents(of directory: String) throws -> [String: Data] {
    let url = file(directory)
    return try Dictionary(
      uniqueKeysWithValues: FileManager.default.contentsOfDirectory(atPath: url.path).map {
        ($0, try Data(contentsOf: url.appendingPathComponent($0)))
      })
  }

  /// A shared 3x3 convolution, then an `image` of three channels at twice the size and a `preview` of one.
  static func network() throws -> Network {
    var generator = SeededGenerator(seed: 11)
    func weights(_ count: Int) -> Parameter {
      .reals((0..<count).map { _ -> Float in Float(Int.random(in: -100...100, using: &generator)) / 400 })
    }
    let window = ConvolutionWindow(kernelHeight: 3, kernelWidth: 3, padding: Padding(1))
    var network = Network(
      name: "tiny", inputs: [.init(name: "latent", shape: MapShape(channels: 2, height: 5, width: 4))])
    let trunk = try network.append(
      .convolution(weights: weights(4 * 2 * 9), bias: weights(4), window: window), named: "trunk", after: .input(0))
    let active = try network.append(.rectify(slopes: [0.125]), named: "active", after: trunk)
    let large = try network.append(.upsample(Upsampling(vertical: 2, horizontal: 2)), named: "large", after: active)
    let image = try network.append(
      .convolution(weights: weights(3 * 4 * 9), bias: nil, window: window), named: "image_conv", after: large)
    let preview = try network.append(
      .convolution(weights: weights(4), bias: nil, window: .pointwise), named: "preview_conv", after: active)
    network.outputs = [.init(name: "image", source: image), .init(name: "preview", source: preview)]
    return network
  }

  /// Frames of whole numbers from -8 to 7.
  static func frames(_ count: Int) throws -> NumpyArray {
    let values = (0..<count * 40).map { (index: Int) -> Int64 in Int64((index * 37 + index / 7) % 16 - 8) }
    return try NumpyArray(shape: [count, 2, 5, 4], type: .int8, integers: values)
  }
}
