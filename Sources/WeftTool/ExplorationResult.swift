import Foundation
import WeftAccelerators
import WeftExploration
import WeftReport

/// What a search found, for people and for programs.
struct ExplorationResult: Encodable, CustomStringConvertible {
  /// A branch of the network.
  struct Branch: Encodable {
    let name: String
    /// Passes that a frame takes.
    let batch: Int
    /// Frames a second that the branch does if the others keep up: of its slowest stage, or of the memory port.
    let fps: Double
    let priority: Double?
  }

  let search: SearchMethod
  let fps: Double
  /// What no plan is above; `nil` where it is not proven.
  let bound: Double?
  let cyclesPerFrame, dsp, ramb18, lut: Int
  /// Gigabytes a second from external memory.
  let bandwidth: Double
  let multipliers: Int
  /// The time of the search, the making of the design space included.
  let seconds: Double
  let branches: [Branch]
  /// The published objective and its alpha, where priorities are given.
  let fitness, alpha: Double?
  let fronts: [FrontResult]
  let plan: Plan
  private let device: Device

  init(
    _ best: ExplorationPlan, of space: DesignSpace, on device: Device, search: SearchMethod, bound: Int?,
    replicas: [ExplorationProblem.Branch], hasPriorities: Bool, seconds: Double, fronts: [FrontResult]
  ) {
    self.search = search
    self.device = device
    fps = best.framesPerSecond(clock: device.clock)
    self.bound = bound.map { device.clock / Double(max(1, $0)) }
    cyclesPerFrame = best.cycles
    (dsp, ramb18, lut) = (best.resources.dsp, best.resources.ramb18, best.resources.lut)
    bandwidth =
      device.bandwidth(wordsPerFrame: best.resources.memoryWords, cyclesPerFrame: best.cycles) / 1e9
    let fetching = device.budget.cycles(toFetch: best.resources.memoryWords) ?? 0
    let rates = space.branchCycles(best.choices).map { device.clock / Double(max(1, $0, fetching)) }
    branches = zip(space.problem.branches, rates).map { branch, rate in
      Branch(name: branch.name, batch: branch.batch, fps: rate, priority: hasPriorities ? branch.priority : nil)
    }
    fitness = hasPriorities ? space.problem.fitness(of: rates) : nil
    alpha = hasPriorities ? PublishedSearch.defaultAlpha : nil
    var plan = space.plan(best.choices)
    plan.replicas = Dictionary(replicas.map { ($0.name, $0.batch) }) { first, _ in first }
    self.plan = plan
    multipliers = space.multipliers(best.choices)
    self.seconds = seconds
    self.fronts = fronts
  }

  private enum CodingKeys: String, CodingKey {
    case fps, bound, cyclesPerFrame, dsp, ramb18, lut, bandwidth, multipliers, seconds, plan
    case search, branches, fitness, alpha, fronts
  }

  /// Encodes every figure; a bound that is not proven as null, what was not asked for not at all.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(fps, forKey: .fps)
    try container.encode(bound, forKey: .bound)
    try container.encode(cyclesPerFrame, forKey: .cyclesPerFrame)
    try container.encode(dsp, forKey: .dsp)
    try container.encode(ramb18, forKey: .ramb18)
    try container.encode(lut, forKey: .lut)
    try container.encode(bandwidth, forKey: .bandwidth)
    try container.encode(multipliers, forKey: .multipliers)
    try container.encode(seconds, forKey: .seconds)
    try container.encode(plan, forKey: .plan)
    try container.encode(search, forKey: .search)
    try container.encode(branches, forKey: .branches)
    try container.encodeIfPresent(fitness, forKey: .fitness)
    try container.encodeIfPresent(alpha, forKey: .alpha)
    if !fronts.isEmpty { try container.encode(fronts, forKey: .fronts) }
  }

  var description: String {
    let proof =
      if let bound {
        "at most \(Figures.decimal(bound, places: 2)) on this device"
      } else if search == .exact {
        "with the fewest \(device.dspKind.plural) that give as many as asked for"
      } else {
        "which is not proven to be the most"
      }
    var lines = [
      "\(Figures.decimal(fps, places: 2)) frames a second, \(proof)",
      "cycles per frame      \(cyclesPerFrame)",
      "multipliers           \(multipliers) in \(dsp) \(device.dspKind.plural), those of requantisation included",
      "block RAMs of 18 Kib  \(ramb18), estimated",
    ]
    if device.lut != nil { lines.append("look-up tables        \(lut), estimated") }
    lines += [
      "external memory       \(Figures.decimal(bandwidth, places: 2)) GB/s",
      "search                \(Figures.decimal(seconds, places: 2)) s, \(search.rawValue)",
    ]
    for branch in branches {
      lines.append(
        "branch \(branch.name): \(Figures.decimal(branch.fps, places: 2)) frames a second"
          + (branch.batch > 1 ? " of \(branch.batch) passes each" : ""))
    }
    if let fitness, let alpha {
      lines.append("fitness               \(Figures.decimal(fitness, places: 2)), alpha \(alpha)")
    }
    lines += plan.stages.map { "  \($0.name): \($0.unit.summary)" }
    return (lines + fronts.map(\.description)).joined(separator: "\n")
  }
}
