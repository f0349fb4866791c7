/// An option for every stage, and what they make together.
public struct ExplorationPlan: Hashable, Sendable, Codable {
  /// For each stage the index of its option.
  public var choices: [Int]
  /// Cycles between frames: those of the slowest stage, or those that the memory port needs.
  public var cycles: Int
  /// What all stages and links take.
  public var resources: Resources

  /// A plan.
  public init(choices: [Int], cycles: Int, resources: Resources) {
    self.choices = choices
    self.cycles = cycles
    self.resources = resources
  }

  /// Frames a second at a clock in hertz.
  public func framesPerSecond(clock: Double) -> Double { clock / Double(max(1, cycles)) }

  /// Whether the plan keeps to the budget; the memory port, which only slows a plan down, is in its cycles.
  public func fits(_ budget: Budget) -> Bool { resources.fits(in: budget.limits(cycles: cycles)) }
}
