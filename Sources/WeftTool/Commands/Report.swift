import ArgumentParser
import Foundation
import WeftAccelerators
import WeftNetworks
import WeftReport
import WeftSimulation
import WeftVerification

/// `weft report`.
struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes a page of HTML about an accelerator: its plan, its simulation, what limits it.",
    discussion: """
      The page needs no other file and no network. Cycles per frame are measured from three passes of the accelerator \
      on; with --frames 0 nothing is simulated. The exit code is 1 where a value differs from the integer reference.
      """)

  @OptionGroup var model: ModelOptions
  @OptionGroup var plan: PlanOptions
  @OptionGroup var device: DeviceOptions
  @Option(help: ArgumentHelp("Random frames to simulate (default: those of three passes).", valueName: "N"))
  var frames: Int?
  @Option(help: "What simulates: \(Engine.allValueStrings.joined(separator: " or ")).") var engine = Engine.verilator
  @Option(name: [.customShort("o"), .long], help: ArgumentHelp("The page to write.", valueName: "FILE.html"))
  var output: String

  func validate() throws {
    if let frames, !(0...100_000).contains(frames) { throw ValidationError("--frames takes a number from 0 to 100000") }
    if !output.lowercased().hasSuffix(".html") { throw ValidationError("--output ends in .html") }
  }

  func run() throws {
    var console = Console()
    let device = try device.chosen()
    let network = try model.network()
    let quantized = try model.quantized(network, inputs: nil, console: &console)
    let plan = try plan.plan(for: quantized)
    let replicated = try plan.replicated(quantized)
    let grid = try ElasticGrid(replicated, plan: plan)
    let frames = grid.wholePasses(frames ?? 3 * grid.framesPerPass)
    let memory = device.map { $0.memory.timing(clock: $0.clock) }
    let nominalMACs = NetworkAnalysis(network).macs(batches: plan.frames)
    var verification: Verification?
    if frames > 0 {
      console.note("computing the reference of \(frames) frames and preparing the simulation on \(engine)")
      verification = try Verification(
        of: grid.observed, against: replicated, frames: RandomFrames(seed: 2).codes(of: replicated, count: frames),
        engine: engine.kind, memory: memory, nominalMACs: nominalMACs
      ) { console.report($0) }
      console.endLine()
    }
    let report = AcceleratorReport(
      grid, nominalMACs: nominalMACs, device: device, memory: memory ?? MemoryTiming(), verification: verification)
    try OutputFile(output).write(Data(report.page.utf8))
    print("\(report.summary) in \(output)")
    if let verified = verification?.report, !verified.bitExact {
      throw ToolError(
        "\(verified.mismatches) of \(verified.comparedValues) values differ from the reference; `weft verify` names the"
          + " first")
    }
  }
}

extension AcceleratorReport {
  /// What the page tells, in a line.
  fileprivate var summary: String {
    let pace = isMeasured ? "measured" : "predicted"
    return "\(stages.count) stages, \(cyclesPerFrame) cycles per frame \(pace)"
  }
}
