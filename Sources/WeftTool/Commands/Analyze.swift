import ArgumentParser
import WeftNetworks

/// `weft analyze`.
struct Analyze: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows what a network asks for: layers, branches, shapes, multiply-accumulates, parameters.")

  @OptionGroup var model: ModelOptions
  @Flag(help: "Print JSON.") var json = false

  func run() throws {
    let analysis = NetworkAnalysis(try model.network())
    if json { try Console.printJSON(analysis) } else { print(analysis) }
  }
}
