/// What more of a resource buys: the best plans under budgets of it that become smaller and smaller.
public struct ParetoFront: Hashable, Sendable, Codable {
  /// The resource whose budget is lowered.
  public var resource: Resource
  /// The plans, from the fastest to the smallest: each takes more cycles and less of the resource than the one before.
  public var plans: [ExactPlan]

  /// A front of plans.
  public init(resource: Resource, plans: [ExactPlan]) {
    self.resource = resource
    self.plans = plans
  }

  /// The front between all of the budget and the least with which there is a plan.
  ///
  /// Between the two the resource is lowered in `points` equal steps, each at least to below what the last plan took,
  /// so that no plan of the front is beaten by another; with as many points as there is of the resource the front is
  /// complete. For ``Resource/memoryWords`` it is the rate of the memory port that is lowered.
  ///
  /// - Parameter progress: called after each plan with the part that is done, from 0 to 1.
  /// - Throws: `ExplorationError` where no plan fits even the whole budget.
  public static func sweep(
    _ problem: ExplorationProblem, budget: Budget, resource: Resource, points: Int = 16,
    progress: (Double) -> Void = { _ in }
  ) throws(ExplorationError) -> ParetoFront {
    let ties = [resource] + Resource.allCases.filter { $0 != resource && $0 != .memoryWords }
    var plans = [try ExactSearch(problem, budget: budget, ties: ties).run()]
    let most = amount(of: resource, in: plans[0].plan)
    for point in 1..<max(2, points) {
      progress(Double(point) / Double(max(2, points)))
      guard let last = plans.last?.plan else { break }
      let step = most * (1 - Double(point) / Double(max(2, points)))
      let used = amount(of: resource, in: last)
      if step >= used { continue }
      let lower = lowered(budget, resource, to: step)
      // Below the least there is none, and below that neither.
      guard let plan = try? ExactSearch(problem, budget: lower, ties: ties).run() else { break }
      plans.append(plan)
    }
    progress(1)
    return ParetoFront(resource: resource, plans: plans)
  }

  /// How much of the resource a plan takes: of memory, words a cycle.
  private static func amount(of resource: Resource, in plan: ExplorationPlan) -> Double {
    let amount = Double(plan.resources[resource])
    return resource == .memoryWords ? amount / Double(max(1, plan.cycles)) : amount
  }

  private static func lowered(_ budget: Budget, _ resource: Resource, to amount: Double) -> Budget {
    var budget = budget
    switch resource {
    case .dsp: budget.dsp = Int(amount)
    case .ramb18: budget.ramb18 = Int(amount)
    case .lut: budget.lut = Int(amount)
    case .memoryWords: budget.memoryWordsPerCycle = amount
    }
    return budget
  }
}
