import ArgumentParser
import Foundation
import WeftAccelerators
import WeftExploration

/// `weft explore`.
struct Explore: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Finds the fastest accelerator that a device has room for, and proves that there is none faster.",
    discussion:
      "Devices: \(Device.known.map(\.name).joined(separator: ", ")). DSPs are counted, block RAMs estimated.")

  @OptionGroup var model: ModelOptions
  @Option(help: ArgumentHelp("The device.", valueName: "NAME")) var device: String
  @Flag(inversion: .prefixedNo, help: "Decompose upsampling into phases where it pays.") var decompose = true
  @Option(help: ArgumentHelp("Write the plan there, for --configuration of other commands.", valueName: "FILE"))
  var planOut: String?
  @Flag(help: "Print JSON.") var json = false

  func run() throws {
    var console = Console()
    let device = try Device.named(device)
    let network = try model.network()
    let quantized = try model.quantized(network, inputs: nil, console: &console)
    let clock = ContinuousClock()
    let start = clock.now
    let space = try DesignSpace(quantized, device: device, decomposes: decompose)
    let best = try ExactSearch(space.problem, budget: device.budget).run { console.note($0) }
    let seconds = Double((clock.now - start) / .milliseconds(1)) / 1000
    try best.certificate.check(best.plan, problem: space.problem, budget: device.budget)
    let plan = space.plan(best.plan.choices)
    let result = ExplorationResult(best, plan: plan, device: device, seconds: seconds)
    if let planOut {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      try encoder.encode(plan).write(to: URL(fileURLWithPath: planOut), options: .atomic)
    }
    if json { try Console.printJSON(result) } else { print(result) }
  }
}

/// What a search found, for people and for programs.
struct ExplorationResult: Encodable, CustomStringConvertible {
  let fps, bound: Double
  let cyclesPerFrame, dsp, ramb18, lut: Int
  /// Gigabytes a second from external memory.
  let bandwidth: Double
  let multipliers: Int
  /// The time of the search, the making of the design space included.
  let seconds: Double
  let plan: Plan

  init(_ best: ExactPlan, plan: Plan, device: Device, seconds: Double) {
    fps = best.plan.framesPerSecond(clock: device.clock)
    bound = device.clock / Double(max(1, best.certificate.bound))
    cyclesPerFrame = best.plan.cycles
    (dsp, ramb18, lut) = (best.plan.resources.dsp, best.plan.resources.ramb18, best.plan.resources.lut)
    bandwidth =
      device.bandwidth(wordsPerFrame: best.plan.resources.memoryWords, cyclesPerFrame: cyclesPerFrame) / 1e9
    multipliers = plan.stages.reduce(0) { $0 + $1.unit.multipliers }
    self.seconds = seconds
    self.plan = plan
  }

  var description: String {
    var lines = [
      String(format: "%.2f frames a second, at most %.2f on this device", fps, bound),
      "cycles per frame      \(cyclesPerFrame)",
      "multipliers           \(multipliers) in \(dsp) DSPs, those of requantisation included",
      "block RAMs of 18 Kib  \(ramb18), estimated",
      String(format: "external memory       %.2f GB/s", bandwidth),
      String(format: "search                %.2f s", seconds),
    ]
    for stage in plan.stages {
      let unit = stage.unit
      lines.append(
        "  \(stage.name): cpf \(unit.cpf), kpf \(unit.kpf), h \(unit.h), taps \(unit.taps), lanes \(unit.rowLanes) x "
          + "\(unit.channelLanes)\(unit.decomposes ? ", phases" : "")\(unit.packs ? ", packed" : "")")
    }
    return lines.joined(separator: "\n")
  }
}
