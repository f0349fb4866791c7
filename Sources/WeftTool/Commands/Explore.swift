import ArgumentParser
import Foundation
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
