/// Why a plan is the best: one claim for each objective, each with its proof.
public struct Certificate: Hashable, Sendable, Codable {
  /// That no plan within the budget that is as good in the objectives of the claims before has less of this one.
  public struct Claim: Hashable, Sendable, Codable {
    /// The objective.
    public var objective: Objective
    /// The least.
    public var value: Int
    /// Why one less is too few.
    public var refutation: Refutation

    /// A claim.
    public init(objective: Objective, value: Int, refutation: Refutation) {
      self.objective = objective
      self.value = value
      self.refutation = refutation
    }
  }

  /// Cycles a frame that were few enough; `nil` where the first claim is that there are no fewer.
  public var target: Int?
  /// The claims, that of cycles first.
  public var claims: [Claim]

  /// A certificate.
  public init(target: Int? = nil, claims: [Claim]) {
    self.target = target
    self.claims = claims
  }

  /// The cycles a frame that no plan is below; `nil` where any up to the target would do.
  public var bound: Int? { claims.first { $0.objective == .cycles }?.value }

  /// How many steps the proofs have.
  public var steps: Int { claims.reduce(0) { $0 + $1.refutation.steps } }

  /// Checks that the plan is one, that it has what the claims say, and every proof, without a search.
  ///
  /// - Throws: `ExplorationError` that names the claim that does not hold.
  public func check(
    _ plan: ExplorationPlan, problem: ExplorationProblem, budget: Budget
  ) throws(ExplorationError) {
    guard problem.plan(choices: plan.choices, budget: budget) == plan, plan.fits(budget) else {
      throw ExplorationError("the plan does not have the figures that it states, or is not within the budget")
    }
    if let target {
      guard plan.cycles <= target, claims.allSatisfy({ $0.objective != .cycles }) else {
        throw ExplorationError("the certificate is for at most \(target) cycles, which the plan does not keep to")
      }
    } else {
      guard claims.first?.objective == .cycles else {
        throw ExplorationError(
          "the certificate does not begin with a claim about cycles; without one it proves nothing")
      }
    }
    let most = target ?? plan.cycles
    var limits = budget.limits(cycles: most)
    for claim in claims {
      guard plan[claim.objective] == claim.value else {
        throw ExplorationError(
          "the certificate is for \(claim.value) of '\(claim.objective.rawValue)', the plan has"
            + " \(plan[claim.objective])")
      }
      var (cycles, tighter) = (most, limits)
      if let resource = claim.objective.resource {
        tighter[resource] = claim.value - 1
        limits[resource] = claim.value
      } else {
        cycles = claim.value - 1
        tighter = budget.limits(cycles: cycles)
      }
      let checker = RefutationChecker(problem, cycles: cycles, limits: tighter)
      guard claim.value == 0 || checker.accepts(claim.refutation) else {
        throw ExplorationError(
          "the certificate does not show that fewer than \(claim.value) of '\(claim.objective.rawValue)' are too few")
      }
    }
  }
}
