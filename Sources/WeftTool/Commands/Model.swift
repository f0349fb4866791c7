import ArgumentParser
import Foundation
import WeftNetworks

/// `weft model`.
struct Model: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes a built-in network as an ONNX model of float32, with random weights.",
    discussion: BuiltInModel.allCases.map { "\($0.rawValue): \($0.summary)" }.joined(separator: "\n"))

  @Argument(help: "The network.")
  var name: BuiltInModel
  @Option(name: [.customShort("o"), .long], help: ArgumentHelp("The model to write.", valueName: "FILE.onnx"))
  var output: String
  @Option(
    help: ArgumentHelp(
      "Divides the channels of hidden maps (1 to 64); for the avatar decoder also the size of its maps (1, 2, 4, 8).",
      valueName: "N"))
  var scale = 1
  @Option(help: ArgumentHelp("Makes the weights.", valueName: "N")) var seed: UInt64 = 1

  func run() throws {
    var console = Console()
    let network = try name.network(scale: scale, seed: seed)
    try network.write(onnx: URL(fileURLWithPath: output)) { written, total in
      console.report("writing: \(written >> 20) of \(total >> 20) MiB")
    }
    console.endLine()
    let analysis = NetworkAnalysis(network)
    print("\(name.summary)")
    print("\(analysis.operations) operations a frame, \(analysis.parameters) parameters in \(output)")
  }
}

extension BuiltInModel: ExpressibleByArgument {}
