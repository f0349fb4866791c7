import ArgumentParser
import Foundation
import WeftNetworks

/// `weft quantize`.
struct Quantize: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes the network that the hardware computes as an ONNX model in QDQ form.")

  @OptionGroup var model: ModelOptions
  @Option(name: [.customShort("o"), .long], help: ArgumentHelp("The model to write.", valueName: "Q.onnx"))
  var output: String

  func run() throws {
    var console = Console()
    let quantized = try model.quantized(model.network(), inputs: nil, console: &console)
    let data = try quantized.qdqModel()
    do {
      try data.write(to: URL(fileURLWithPath: output), options: .atomic)
    } catch {
      throw ToolError("'\(output)' cannot be written: \(error.localizedDescription)")
    }
  }
}
