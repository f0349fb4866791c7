import ArgumentParser
import Foundation
import WeftAccelerators
import WeftNetworks
import WeftVerification

/// `weft verify`.
struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Simulates the accelerator and compares every value of every output with the integer reference.",
    discussion: "The exit code is 0 where all are equal and 1 where one differs.")

  @OptionGroup var model: ModelOptions
  @Option(
    name: .long, parsing: .singleValue,
    help: ArgumentHelp("Frames of an input; repeats. Without it frames are random.", valueName: "[NAME=]X.npy"))
  var input: [String] = []
  @Option(
    help: ArgumentHelp(
      "Frames to run, in whole passes of the accelerator; random ones follow those given (default: those given, at "
        + "least three passes).", valueName: "N"))
  var frames: Int?
  @OptionGroup var plan: PlanOptions
  @Option(help: "What simulates: \(Engine.allValueStrings.joined(separator: " or ")).") var engine = Engine.verilator
  @OptionGroup var memory: MemoryOptions
  @Option(help: ArgumentHelp("Stall all ports at random.", valueName: "SEED")) var stalls: UInt64?
  @Option(help: ArgumentHelp("Write both sides' outputs there as .npy.", valueName: "DIR")) var dump: String?
  @Option(
    help: ArgumentHelp("Write the hardware's first frame of the first output as a picture.", valueName: "Y.png"))
  var picture: String?
  @Flag(help: "Print JSON.") var json = false

  func validate() throws {
    if let picture, !picture.lowercased().hasSuffix(".png") { throw ValidationError("--picture ends in .png") }
    if let frames, !(1...100_000).contains(frames) { throw ValidationError("--frames takes a number from 1 to 100000") }
  }

  func run() throws {
    var console = Console()
    let network = try model.network()
    let arrays = input.isEmpty
      ? nil : try InputArrays(input, option: "--input", network, isCropped: !model.size.isEmpty)
    let quantized = try model.quantized(network, inputs: arrays, console: &console)
    let plan = try plan.plan(for: quantized)
    let replicated = try plan.replicated(quantized)
    let grid = try ElasticGrid(replicated, plan: plan)
    let given = quantized.dealt(try arrays?.codes(of: quantized, from: network) ?? [], to: plan.replicas)
    let codes = codes(given, of: grid, console: &console)
    console.note("computing the reference of \(codes.count) frames and preparing the simulation on \(engine)")
    let verification = try Verification(
      of: grid, against: replicated, frames: codes, engine: engine.kind, stalls: stalls, memory: memory.timing,
      nominalMACs: NetworkAnalysis(network).macs(batches: plan.frames)
    ) { console.report($0) }
    console.endLine()
    if let dump { try write(verification, of: replicated, to: URL(fileURLWithPath: dump, isDirectory: true)) }
    if let picture {
      let frame = verification.run.outputs[0][0]
      try PNG(replicated.array(ofOutput: 0, frames: [frame], asCodes: false)).write(to: picture)
    }
    if json { try Console.printJSON(verification.report) } else { print(verification.report) }
    if !verification.report.bitExact {
      if let mismatch = verification.report.firstMismatch { console.note("first difference: \(mismatch)") }
      throw ExitCode(1)
    }
  }

  /// The frames to run: those given, and random ones after them where more are asked for.
  private func codes(_ given: [[[Int32]]], of grid: ElasticGrid, console: inout Console) -> [[[Int32]]] {
    let count = grid.wholePasses(frames ?? max(3 * grid.framesPerPass, given.count))
    let missing = max(0, count - given.count)
    if missing > 0, !given.isEmpty {
      console.note("\(missing) random frames follow the \(given.count) given, so that the pipeline is full")
    }
    return given.prefix(count) + RandomFrames(seed: 2).codes(of: grid.network, count: missing)
  }

  private func write(_ verification: Verification, of network: QuantizedNetwork, to directory: URL) throws {
    do {
      try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    } catch {
      throw ToolError("--dump: the folder '\(directory.path)' cannot be made: \(error.localizedDescription)")
    }
    for (index, output) in network.outputs.enumerated() {
      for (side, frames) in [("hardware", verification.run.outputs), ("reference", verification.reference)] {
        try network.array(ofOutput: index, frames: frames.map { $0[index] }.filter { !$0.isEmpty }, asCodes: true)
          .write(npy: directory.appendingPathComponent("\(fileName(output.name)).\(side).npy"))
      }
    }
  }
}

/// A name as part of a file's.
func fileName(_ name: String) -> String {
  String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) ? $0 : "_" })
}
