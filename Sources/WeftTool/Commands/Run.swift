import ArgumentParser
import Foundation
import WeftAccelerators
import WeftExploration
import WeftNetworks
import WeftSimulation
import WeftVerification

/// `weft run`.
struct Run: ParsableCommand {
  /// What computes the outputs.
  enum Computer: String, ExpressibleByArgument, CaseIterable {
    case reference, interpreter, verilator, float
  }

  static let configuration = CommandConfiguration(
    abstract: "Computes a network's output.",
    discussion: """
      The reference computes with integers as the hardware does, the interpreter and Verilator simulate the \
      accelerator with 256 multipliers, and float is the network before quantisation. A .png holds one frame of 1 or 3 \
      channels, values from 0 to 1; a .npy holds every frame as float32, or as the output's integers with --raw.
      """)

  @OptionGroup var model: ModelOptions
  @Option(
    name: .long, parsing: .singleValue, help: ArgumentHelp("Frames of an input; repeats.", valueName: "[NAME=]X.npy"))
  var input: [String] = []
  @Option(help: ArgumentHelp("The output to write (default: the first).", valueName: "NAME")) var outputName: String?
  @Option(name: [.customShort("o"), .long], help: ArgumentHelp("The file to write.", valueName: "Y.png|Y.npy"))
  var output: String
  @Flag(help: "Write integer codes.") var raw = false
  @Option(help: "What computes: \(Computer.allValueStrings.joined(separator: ", ")).") var engine = Computer.reference

  func validate() throws {
    if input.isEmpty { throw ValidationError("--input is missing: `weft run` computes the frames of files") }
    let kind = URL(fileURLWithPath: output).pathExtension.lowercased()
    guard kind == "png" || kind == "npy" else {
      throw ValidationError("--output ends in .png or .npy, not '\(output)'")
    }
    if raw, kind == "png" {
      throw ValidationError("--raw writes integer codes, which a .png does not hold; write a .npy")
    }
    if raw, engine == .float { throw ValidationError("--raw writes integer codes, which --engine float does not have") }
  }

  func run() throws {
    var console = Console()
    let network = try model.network()
    let arrays = try InputArrays(input, option: "--input", network, isCropped: !model.size.isEmpty)
    let names = network.outputs.map(\.name)
    guard let index = outputName.map({ names.firstIndex(of: $0) }) ?? 0 else {
      throw ToolError(
        "--output-name \(outputName ?? ""): the network has no such output; it has \(names.joined(separator: ", "))")
    }
    let result = engine == .float
      ? try floats(network, arrays, output: index) : try integers(network, arrays, output: index, console: &console)
    let url = URL(fileURLWithPath: output)
    if url.pathExtension.lowercased() == "png" {
      try PNG(result).write(to: output)
    } else {
      try result.write(npy: url)
    }
  }

  private func floats(_ network: Network, _ arrays: InputArrays, output index: Int) throws -> NumpyArray {
    let executor = try FloatExecutor(network)
    let frames = try arrays.reals(of: network).map { try executor.run($0)[index] }
    let shape = network.shape(of: network.outputs[index].source)
    return try NumpyArray(
      shape: [frames.count, shape.channels, shape.height, shape.width], reals: Array(frames.joined()))
  }

  private func integers(_ network: Network, _ arrays: InputArrays, output index: Int, console: inout Console) throws
    -> NumpyArray
  {
    let quantized = try model.quantized(network, inputs: arrays, console: &console)
    let codes = try arrays.codes(of: quantized, from: network)
    let frames: [[[Int32]]]
    switch engine {
    case .reference, .float: frames = try codes.map(ReferenceExecutor(quantized).run)
    case .interpreter: frames = try simulate(quantized, codes, .interpreter, &console)
    case .verilator: frames = try simulate(quantized, codes, .verilator, &console)
    }
    return try quantized.array(ofOutput: index, frames: frames.map { $0[index] }, asCodes: raw)
  }

  private func simulate(
    _ network: QuantizedNetwork, _ codes: [[[Int32]]], _ engine: EngineKind, _ console: inout Console
  ) throws -> [[[Int32]]] {
    let grid = try ElasticGrid(network, plan: Balance.plan(for: network, multipliers: 256))
    console.note("preparing the simulation")
    let run = try GridSimulation(grid, engine: engine).run(codes) { console.report($0) }
    console.endLine()
    return run.outputs
  }
}
