import ArgumentParser
import Foundation
import WeftNetworks

/// The model, and how one of float32 becomes integers.
struct ModelOptions: ParsableArguments {
  @Argument(help: "The ONNX file.", completion: .file(extensions: ["onnx"]))
  var model: String

  @Option(
    name: .long, parsing: .singleValue,
    help: ArgumentHelp(
      "Frames that show the ranges of a float32 model's values; repeats. Without it the inputs serve.",
      valueName: "[NAME=]X.npy"))
  var calibration: [String] = []

  @Option(
    name: .long, parsing: .singleValue,
    help: ArgumentHelp(
      "Declares an input at another size; larger arrays are cut down around their centre. Repeats.",
      valueName: "[NAME=]HxW"))
  var size: [String] = []

  /// Reads the model.
  func network() throws -> Network {
    let url = URL(fileURLWithPath: model)
    let declared = try Network(onnx: url)
    guard !size.isEmpty else { return declared }
    let names = declared.inputs.map(\.name)
    var sizes: [String: ImageSize] = [:]
    for (text, input) in zip(size, try assignInputs(to: size, names: names, option: "--size") { _ in nil }) {
      let numbers = text.drop(through: "=", after: names[input]).split(separator: "x", omittingEmptySubsequences: false)
      guard numbers.count == 2, let height = Int(numbers[0]), let width = Int(numbers[1]), height > 0, width > 0 else {
        throw ToolError("--size \(text): a size is a height and a width, as in 8x8")
      }
      sizes[names[input]] = ImageSize(height: height, width: width)
    }
    return try Network(onnx: url, sizes: sizes)
  }

  /// The network of integers: that of a QDQ model, or a float32 model quantised on the calibration frames, else on the
  /// inputs, else on random ones.
  func quantized(_ network: Network, inputs: InputArrays?, console: inout Console) throws -> QuantizedNetwork {
    if network.isQuantized {
      guard calibration.isEmpty else {
        throw ToolError("--calibration: '\(model)' is quantised already; leave the option out")
      }
      return try QuantizedNetwork(network)
    }
    let frames: [[[Float]]]
    if !calibration.isEmpty {
      frames = try InputArrays(calibration, option: "--calibration", network, isCropped: !size.isEmpty)
        .reals(of: network)
    } else if let inputs {
      console.note("calibrating on the inputs; --calibration gives other frames")
      frames = try inputs.reals(of: network)
    } else {
      console.note("calibrating on random frames between -1 and 1; --calibration gives real ones")
      frames = RandomFrames(seed: 1).reals(of: network, count: 4)
    }
    return try QuantizedNetwork(network, calibration: frames)
  }
}
