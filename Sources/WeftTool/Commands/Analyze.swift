import ArgumentParser
import Foundation
import WeftNetworks
import WeftReport

/// `weft analyze`.
struct Analyze: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows what a network asks for: layers, branches, operations, parameters, memory, bandwidth.",
    aliases: ["analyse"])

  @OptionGroup var model: ModelFile
  @Option(help: ArgumentHelp("Bits of maps and weights.", valueName: "N")) var bits = 8
  @Option(help: ArgumentHelp("Bits of biases.", valueName: "N")) var biasBits = 16
  @Option(help: ArgumentHelp("Frames a second, for bandwidth.", valueName: "N")) var fps = 60.0
  @Option(help: ArgumentHelp("Draw layers and branches there.", valueName: "FILE.svg")) var picture: String?
  @Flag(help: "Print JSON.") var json = false

  func validate() throws {
    for (option, value) in [("--bits", bits), ("--bias-bits", biasBits)] where !(1...64).contains(value) {
      throw ValidationError("\(option) takes a number from 1 to 64")
    }
    if let picture, !picture.lowercased().hasSuffix(".svg") { throw ValidationError("--picture ends in .svg") }
    guard fps > 0, fps <= 1e6 else { throw ValidationError("--fps takes a number above 0, at most a million") }
  }

  func run() throws {
    let analysis = NetworkAnalysis(
      try model.network(),
      assuming: .init(activationBits: bits, weightBits: bits, biasBits: biasBits, framesPerSecond: fps))
    if let picture { try OutputFile(picture).write(Data(analysis.picture.file.utf8)) }
    if json { try Console.printJSON(analysis) } else { print(analysis) }
  }
}
