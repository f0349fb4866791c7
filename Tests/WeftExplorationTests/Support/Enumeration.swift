import WeftExploration

/// All plans of a small problem, one after the other.
struct Enumeration {
  /// The plans within the budget.
  let plans: [ExplorationPlan]

  init(_ problem: ExplorationProblem, budget: Budget) {
    var plans: [ExplorationPlan] = []
    var choices = problem.stages.map { _ in 0 }
    repeat {
      if let plan = problem.plan(choices: choices, budget: budget), plan.fits(budget) { plans.append(plan) }
    } while Self.advance(&choices, problem)
    self.plans = plans
  }

  /// The figures of the best plan: cycles, then the resources in this order.
  func best(ties: [Resource] = [.dsp, .ramb18, .lut]) -> [Int]? {
    plans.map { $0.figures(ties) }.min { $0.lexicographicallyPrecedes($1) }
  }

  /// The next choice; false after the last.
  private static func advance(_ choices: inout [Int], _ problem: ExplorationProblem) -> Bool {
    for stage in choices.indices {
      choices[stage] += 1
      if choices[stage] < problem.stages[stage].options.count { return true }
      choices[stage] = 0
    }
    return false
  }
}

extension ExplorationPlan {
  /// The cycles and the resources in this order.
  func figures(_ ties: [Resource] = [.dsp, .ramb18, .lut]) -> [Int] { [cycles] + ties.map { resources[$0] } }
}
