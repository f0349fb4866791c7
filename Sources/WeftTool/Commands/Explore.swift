import ArgumentParser
import Foundation
import WeftAccelerators
import WeftExploration
import WeftNetworks
import WeftReport

/// `weft explore`.
struct Explore: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Finds the fastest accelerator that a device has room for, and proves that there is none faster.",
    discussion: """
      The fastest is the one whose slowest branch does the most frames a second. DSPs are counted, block RAMs \
      and look-up tables estimated.
      """)

  @OptionGroup var model: ModelOptions
  @OptionGroup var device: DeviceOptions
  @OptionGroup var branches: BranchOptions
  @Flag(help: "Have the frames of --batch side by side, in replicas of what their outputs need, instead of by turns.")
  var replicate = false
  @Flag(inversion: .prefixedNo, help: "Decompose upsampling into phases where it pays.") var decompose = true
  @Option(
    help: ArgumentHelp(
      "Where weights are, \(WeightStore.allValueStrings.joined(separator: ", ")) or several by commas (default: chip, "
        + "and streamed where they would take more than half of the block RAM).", valueName: "STORE,..."),
    transform: WeightStore.list)
  var weights: [WeightStore]?
  @Option(
    help: "How to search: \(SearchMethod.allCases.map(\.rawValue).joined(separator: " or ")), the baseline of F-CAD.")
  var search = SearchMethod.exact
  @Option(help: ArgumentHelp("The seed of the published search (default: 1).", valueName: "N")) var seed: UInt64?
  @Option(
    name: .long, parsing: .singleValue,
    help: ArgumentHelp(
      "Also trade frames a second for \(FrontResource.allCases.map(\.rawValue).joined(separator: ", ")); repeats.",
      valueName: "RESOURCE,..."))
  var pareto: [String] = []
  @Option(help: ArgumentHelp("Draw the fronts of --pareto there.", valueName: "FILE.svg")) var picture: String?
  @Option(
    help: ArgumentHelp(
      "Frames a second that are enough: the plan with the fewest DSPs that gives them.", valueName: "N"))
  var fps: Double?
  @Option(help: ArgumentHelp("Write the plan there, for --configuration of other commands.", valueName: "FILE"))
  var planOut: String?
  @Flag(help: "Print JSON.") var json = false

  func validate() throws {
    if replicate, branches.batch == nil {
      throw ValidationError("--replicate says how the frames of --batch are computed; add that option")
    }
    if seed != nil, search == .exact {
      throw ValidationError("--seed is for --search published; the exact search has nothing random")
    }
    if !pareto.isEmpty, search == .published {
      throw ValidationError("--pareto takes the exact search, whose plans no others beat; leave --search out")
    }
    if let fps {
      guard (1e-3...1e9).contains(fps) else { throw ValidationError("--fps takes a number above zero") }
      if search == .published { throw ValidationError("--fps takes the exact search; leave --search out") }
    }
    if let picture {
      if pareto.isEmpty { throw ValidationError("--picture draws the fronts of --pareto; add that option") }
      if !picture.lowercased().hasSuffix(".svg") { throw ValidationError("--picture ends in .svg") }
    }
  }

  func run() throws {
    var console = Console()
    let resources = try FrontResource.parse(pareto)
    guard let device = try device.chosen() else {
      throw ToolError(
        "--device is missing: it says what has room for the accelerator; `weft explore --help` lists them")
    }
    let network = try model.network()
    let quantized = try model.quantized(network, inputs: nil, console: &console)
    let branches = try branches.branches(of: quantized)
    let replicas = replicate ? branches.filter { $0.batch > 1 } : []
    let clock = ContinuousClock()
    let start = clock.now
    let replicated = try quantized.replicated(Dictionary(replicas.map { ($0.name, $0.batch) }) { first, _ in first })
    let space = try DesignSpace(
      replicated, device: device, decomposes: decompose, weightStores: weights?.map(\.store),
      branches: replicate ? branches.replicated(for: replicated) : branches)
    let (charged, (best, certificate)) = try space.charging {
      try find(in: $0.problem, device: device, console: &console)
    } choices: { $0.0.choices }
    let seconds = Double((clock.now - start) / .milliseconds(1)) / 1000
    try certificate?.check(best, problem: charged.problem, budget: device.budget)
    let fronts = try resources.map { resource in
      let front = try ParetoFront.sweep(charged.problem, budget: device.budget, resource: resource.resource) { part in
        console.report("front of \(resource.rawValue): \(Int(part * 100)) %")
      }
      return FrontResult(front, of: resource, on: device)
    }
    console.endLine()
    let result = ExplorationResult(
      best, of: charged, on: device, search: search, bound: certificate?.bound,
      replicas: replicas, hasPriorities: self.branches.priority != nil, seconds: seconds,
      fronts: fronts)
    if let planOut {
      let folder = URL(fileURLWithPath: planOut).deletingLastPathComponent()
      try OutputFile(planOut).write(PlanFile(result.plan, for: model, in: folder).data)
    }
    if let picture { try OutputFile(picture).write(Data(Picture.row(fronts.map(\.picture)).file.utf8)) }
    if json { try Console.printJSON(result) } else { print(result) }
  }

  /// The best plan that the search comes across, and why there is none better where it knows.
  private func find(
    in problem: ExplorationProblem, device: Device, console: inout Console
  ) throws -> (ExplorationPlan, Certificate?) {
    switch search {
    case .exact:
      let target = fps.map { Int(device.clock / $0) }
      let best = try ExactSearch(problem, budget: device.budget, target: target).run { console.note($0) }
      return (best.plan, best.certificate)
    case .published:
      let search = PublishedSearch(problem, budget: device.budget, clock: device.clock, seed: seed ?? 1)
      let best = try search.run { iteration, fitness in
        console.note(
          "iteration \(iteration) of \(search.iterations), "
            + (fitness.isFinite ? String(format: "best fitness %.2f", fitness) : "no candidate fits yet"))
      }
      return (best.plan, nil)
    }
  }
}

extension [ExplorationProblem.Branch] {
  /// One branch for each output of the network with these branches side by side.
  fileprivate func replicated(for network: QuantizedNetwork) -> [ExplorationProblem.Branch] {
    let priorities = flatMap { Array<Double>(repeating: $0.priority, count: $0.batch) }
    return zip(network.outputs, priorities).map { ExplorationProblem.Branch(name: $0.name, priority: $1) }
  }
}
