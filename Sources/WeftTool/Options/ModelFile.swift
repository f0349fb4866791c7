import ArgumentParser
import Foundation
import WeftNetworks

/// The model as a file has it.
struct ModelFile: ParsableArguments {
  @Argument(help: "The ONNX file.", completion: .file(extensions: ["onnx"]))
  var model: String

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
}
