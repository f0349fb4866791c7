/// Finds the plan with the fewest cycles a frame under a budget, and proves that it is.
///
/// Of the plans with the fewest cycles it is one with the fewest DSPs, of those one with the fewest block RAMs, of
/// those one with the fewest LUTs: each in turn is enclosed between values, and at each value it is decided whether a
/// plan exists. Where that takes too long for one of these three, as it may where several resources are short at once,
/// the plan has the fewest that were found, and the certificate does not claim that there are none with fewer. Where so many cycles are enough that there is a target, plans that keep to it are all as good as the
/// fastest.
public struct ExactSearch: Sendable {
  /// The design space.
  public var problem: ExplorationProblem
  /// What a plan may take.
  public var budget: Budget
  /// Cycles a frame that are few enough; `nil` for the fewest there can be.
  public var target: Int?
  /// What is brought down among plans of equal cycles, the most important first.
  public var ties: [Resource]
  /// Parts of the design space that are looked at, at the most, to decide whether fewer of one of ``ties`` are enough.
  public var tieEffort = 2000

  /// A search.
  public init(
    _ problem: ExplorationProblem, budget: Budget, target: Int? = nil, ties: [Resource] = [.dsp, .ramb18, .lut]
  ) {
    self.problem = problem
    self.budget = budget
    self.target = target
    self.ties = ties
  }

  /// The best plan.
  ///
  /// - Parameter progress: called with a sentence after each objective.
  /// - Throws: `ExplorationError` where no plan fits, with what is short, or where none keeps to the target, with the
  ///   fewest cycles there are.
  public func run(progress: (String) -> Void = { _ in }) throws(ExplorationError) -> ExactPlan {
    var plan: ExplorationPlan
    var claims: [Certificate.Claim] = []
    if let target {
      plan = try self.plan(within: target)
      progress("\(plan.cycles) cycles a frame, within \(target)")
    } else {
      let (fastest, claim) = try fewestCycles()
      (plan, claims) = (fastest, [claim])
      progress("\(plan.cycles) cycles a frame, the fewest")
    }
    let cycles = target ?? plan.cycles
    var region: Region?
    var limits = budget.limits(cycles: cycles)
    // A claim builds on those before it.
    var isDecided = true
    for resource in ties {
      let claim: Certificate.Claim?
      (plan, claim) = least(resource, from: plan, cycles: cycles, limits: limits, region: &region, effort: tieEffort)
      limits[resource] = plan.resources[resource]
      isDecided = isDecided && claim != nil
      if isDecided, let claim {
        claims.append(claim)
        progress("\(limits[resource]) \(resource.plural), the fewest with that")
      } else {
        progress("\(limits[resource]) \(resource.plural); whether fewer are enough would take long to decide")
      }
    }
    return ExactPlan(plan: plan, certificate: Certificate(target: target, claims: claims))
  }

  /// The fewest cycles: bisection over those that options have and, where the memory port decides, between them.
  private func fewestCycles() throws(ExplorationError) -> (ExplorationPlan, Certificate.Claim) {
    let counts = Set(problem.stages.flatMap { $0.options.map(\.cycles) }).sorted()
    let words = problem.stages.reduce(0) { $0 + $1.mostWords }
    guard let fetching = budget.cycles(toFetch: words) else {
      throw ExplorationError("the memory port gives no words, but there are options that need some; widen the port")
    }
    guard var best = plan(cycles: max(counts.last ?? 0, fetching)).plan else { throw shortage() }
    // The greatest number of cycles that is known to be too few, and why.
    var tooFew = (problem.stages.map(\.fewestCycles).max() ?? 0) - 1
    var refutation = Refutation()
    var triesNext = true
    while best.cycles - tooFew > 1 {
      let low = counts.partitioningIndex { $0 > tooFew }
      let high = counts.partitioningIndex { $0 >= best.cycles }
      let target: Int
      if low < high {
        target = counts[(low + high) / 2]
      } else {
        // No option's cycles lie between: mostly the next lower number is too few, else the memory port decides.
        target = triesNext ? best.cycles - 1 : tooFew + (best.cycles - tooFew) / 2
        triesNext.toggle()
      }
      switch plan(cycles: target) {
      case (let plan?, _): best = plan
      case (nil, let proof): (tooFew, refutation) = (target, proof)
      }
    }
    return (best, Certificate.Claim(objective: .cycles, value: best.cycles, refutation: refutation))
  }

  /// A plan that keeps to the target.
  private func plan(within target: Int) throws(ExplorationError) -> ExplorationPlan {
    if let plan = plan(cycles: target).plan { return plan }
    let (fastest, _) = try fewestCycles()
    throw ExplorationError(
      "no plan within the budget takes at most \(target) cycles a frame; the fastest takes \(fastest.cycles), so ask "
        + "for that or choose a larger device")
  }

  /// The least of a resource with which there is a plan of at most so many cycles within the limits.
  ///
  /// - Parameters:
  ///   - region: where the plans within the limits are, if that is known; then where the ones found are.
  ///   - effort: the most regions to look at for one value; where they are not enough nothing is claimed.
  private func least(
    _ resource: Resource, from start: ExplorationPlan, cycles: Int, limits: Resources, region: inout Region?,
    effort: Int = .max
  ) -> (ExplorationPlan, Certificate.Claim?) {
    var best = start
    var limits = limits
    var tooFew = -1
    var refutation = Refutation()
    // The plan at hand is mostly the least or close to it: the steps down from it double until one is too long.
    var step = 1
    var isProven = true
    while best.resources[resource] - tooFew > 1 {
      let most = best.resources[resource]
      limits[resource] = max(most - step, tooFew + (most - tooFew) / 2)
      step *= 2
      let (answer, found) =
        region.map { Feasibility.decide($0, limits: limits, effort: effort) }
        ?? Feasibility.decide(problem, cycles: cycles, limits: limits, effort: effort)
      switch answer {
      case .plan(let choices):
        if let plan = problem.plan(choices: choices, budget: budget) { best = plan }
        region = found
      case .none(let proof): (tooFew, refutation, step) = (limits[resource], proof, 1)
      case .undecided: (tooFew, step, isProven) = (limits[resource], 1, false)
      }
    }
    guard isProven else { return (best, nil) }
    return (
      best, Certificate.Claim(objective: resource.objective, value: best.resources[resource], refutation: refutation)
    )
  }

  /// A plan of at most so many cycles, or why there is none.
  private func plan(cycles: Int) -> (plan: ExplorationPlan?, refutation: Refutation) {
    switch Feasibility.decide(problem, cycles: cycles, limits: budget.limits(cycles: cycles)).answer {
    case .plan(let choices): (problem.plan(choices: choices, budget: budget), Refutation())
    case .none(let refutation): (nil, refutation)
    case .undecided: preconditionFailure("all regions are looked at")
    }
  }

  /// What is short, where no plan fits however slow it is.
  private func shortage() -> ExplorationError {
    for resource in Resource.allCases {
      let limit = budget.limits(cycles: 0)[resource]
      guard resource != .memoryWords, limit != .max else { continue }
      let alone = ExactSearch(problem, budget: Budget(), ties: [])
      var limits = Budget().limits(cycles: .max)
      limits[resource] = limit
      guard case .none = Feasibility.decide(problem, cycles: .max, limits: limits).answer else { continue }
      limits[resource] = .max
      guard case .plan(let choices) = Feasibility.decide(problem, cycles: .max, limits: limits).answer,
        let plan = problem.plan(choices: choices, budget: Budget())
      else { break }
      var region: Region?
      let least = alone.least(resource, from: plan, cycles: .max, limits: limits, region: &region).0
        .resources[resource]
      return ExplorationError(
        "no plan fits: even the smallest takes \(least) \(resource.plural), and the budget has \(limit);"
          + " choose a larger device or give the stages smaller options")
    }
    if case .none = Feasibility.decide(problem, cycles: .max, limits: Budget().limits(cycles: .max)).answer {
      return ExplorationError(
        "no plan fits: no options of the stages go together; give them interfaces that can be linked")
    }
    return ExplorationError(
      "no plan fits: each budget suffices by itself, but not all of them at once; raise one of them")
  }
}

/// A plan with the proof that no other is better.
public struct ExactPlan: Hashable, Sendable, Codable {
  /// The plan.
  public var plan: ExplorationPlan
  /// Why no other is better.
  public var certificate: Certificate

  /// A plan and its proof.
  public init(plan: ExplorationPlan, certificate: Certificate) {
    self.plan = plan
    self.certificate = certificate
  }
}

extension Resource {
  /// The objective to have the least of it.
  var objective: Objective {
    switch self {
    case .dsp: .dsp
    case .ramb18: .ramb18
    case .lut: .lut
    case .memoryWords: .memoryWords
    }
  }
}

extension ExplorationProblem.Stage {
  /// The cycles of the fastest option.
  fileprivate var fewestCycles: Int { options.map(\.cycles).min() ?? 0 }

  /// The words of the option, with the dearest link, that fetches the most.
  fileprivate var mostWords: Int {
    (options.map(\.resources.memoryWords).max() ?? 0) + (link?.distinct.map(\.memoryWords).max() ?? 0)
  }
}

extension Array {
  /// The index of the first element for which a condition holds that holds from some element on.
  fileprivate func partitioningIndex(_ condition: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if condition(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
