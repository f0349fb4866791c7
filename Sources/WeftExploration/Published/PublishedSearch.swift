import WeftNetworks

/// The published two-level search, as the baseline: Zhang, Wang, Chuang, Ma, Chen and Li, "F-CAD: A Framework to
/// Explore Hardware Accelerators for Codec Avatar Decoding", DAC 2021.
///
/// Across branches (Algorithm 1) a population of candidates shares the budget among the branches and evolves towards
/// the best shares that each candidate and the population have seen. Within a branch (Algorithm 2) the slowest stage
/// has its parallelism doubled as long as the share lasts. The fitness of shares is the sum of priority times frames a
/// second over the branches, less `alpha` times their variance.
///
/// That outline is the publication's; the rest is chosen here: the first shares are uniform over the simplex; each part
/// moves by two random fractions of its distance to the two best, without inertia, and is normalised; `alpha` is 0.05
/// where frames are counted a second; look-up tables go with compute; a branch starts from the plan that takes the
/// smallest part of the budget, all limits weighed alike; twice the parallelism is the cheapest option by the same
/// measure in at most half the cycles that goes with the stages beside it; a branch that another feeds is as slow as
/// what feeds it.
public struct PublishedSearch: Sendable {
  /// The design space.
  public var problem: ExplorationProblem
  /// What a plan may take.
  public var budget: Budget
  /// The clock in hertz by which frames a second are counted.
  public var clock: Double
  /// The seed of everything random.
  public var seed: UInt64
  /// Candidates of the population.
  public var candidates: Int
  /// Times that the population evolves.
  public var iterations: Int
  /// How much the variance of the branches' frames a second counts.
  public var alpha: Double

  /// The alpha of a search that is given none.
  public static let defaultAlpha = 0.05

  /// A search with the published number of candidates and iterations.
  public init(
    _ problem: ExplorationProblem, budget: Budget, clock: Double = 200e6, seed: UInt64 = 1, candidates: Int = 200,
    iterations: Int = 20, alpha: Double = PublishedSearch.defaultAlpha
  ) {
    self.problem = problem
    self.budget = budget
    self.clock = clock
    self.seed = seed
    self.candidates = candidates
    self.iterations = iterations
    self.alpha = alpha
  }

  /// The best plan that the search comes across.
  ///
  /// - Parameter progress: called after each iteration with the best fitness so far.
  /// - Throws: `ExplorationError` where no candidate keeps to the budget.
  public func run(progress: (Int, Double) -> Void = { _, _ in }) throws(ExplorationError) -> PublishedPlan {
    var random = SeededGenerator(seed: seed)
    let prices = self.prices
    let within = BranchSearch(problem, prices: prices)
    guard let start = smallest(prices) else {
      throw ExplorationError(
        "no plan fits: no options of the stages go together; give them interfaces that can be linked")
    }
    var population = (0..<max(1, candidates)).map { _ in
      ResourceShares(branches: problem.branches.count, using: &random)
    }
    var own = population.map { (shares: $0, fitness: -Double.infinity) }
    var best: (shares: ResourceShares, result: PublishedPlan)?
    for iteration in 0..<max(1, iterations) {
      for index in population.indices {
        guard let result = evaluate(population[index], within, start: start) else { continue }
        if result.fitness > own[index].fitness { own[index] = (population[index], result.fitness) }
        if result.fitness > best?.result.fitness ?? -.infinity { best = (population[index], result) }
      }
      for index in population.indices {
        population[index].evolve(
          towards: own[index].shares, and: best?.shares ?? own[index].shares, using: &random)
      }
      progress(iteration + 1, best?.result.fitness ?? -.infinity)
    }
    guard let best else {
      throw ExplorationError(
        "none of \(candidates) candidates fits the budget; choose a larger device, more candidates, or the exact"
          + " search")
    }
    return best.result
  }

  /// What comes of some shares; `nil` where a branch or the whole does not fit.
  private func evaluate(_ shares: ResourceShares, _ within: BranchSearch, start: [Int]) -> PublishedPlan? {
    let budgets = problem.branches.indices.map { shares.budget(of: $0, from: budget) }
    var choices = start
    for (branch, share) in budgets.enumerated() {
      guard within.run(branch, share: share, choices: &choices) else { return nil }
    }
    guard let plan = problem.plan(choices: choices, budget: budget), plan.fits(budget),
      let cycles = within.cycles(choices, shares: budgets)
    else { return nil }
    let rates = cycles.map { clock / Double(max(1, $0)) }
    return PublishedPlan(
      plan: plan, framesPerSecond: rates, fitness: problem.fitness(of: rates, alpha: alpha))
  }

  /// What one of each resource costs when all limits weigh alike.
  private var prices: Resources {
    let limits = budget.limits(cycles: .max)
    let limited = Resource.allCases.map { limits[$0] != .max }
    let share = 1 / Double(max(1, limited.count { $0 }))
    return Refutation.prices(limited.map { $0 ? share : 0 }, limits: limits)
  }

  /// The cheapest choice of those that go together.
  private func smallest(_ prices: Resources) -> [Int]? {
    var unused: [Resources] = []
    let limits = budget.limits(cycles: .max)
    guard let all = Candidates(problem, cycles: .max, limits: limits, prices: &unused) else { return nil }
    let relaxation = Relaxation(all, prices: prices)
    guard relaxation.minimum < Relaxation.never else { return nil }
    return zip(all.sets, relaxation.choice).map { $0.options[$1] }
  }
}

extension ExplorationProblem {
  /// The published objective: the sum of priority times frames a second over the branches, less `alpha` times the
  /// variance of the frames a second.
  ///
  /// - Parameter framesPerSecond: One figure for each branch.
  public func fitness(of framesPerSecond: [Double], alpha: Double = PublishedSearch.defaultAlpha) -> Double {
    let count = Double(max(1, framesPerSecond.count))
    let mean = framesPerSecond.reduce(0, +) / count
    let variance = framesPerSecond.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    return zip(branches, framesPerSecond).reduce(0) { $0 + $1.0.priority * $1.1 } - alpha * variance
  }
}

/// What the published search finds.
public struct PublishedPlan: Hashable, Sendable, Codable {
  /// The plan.
  public var plan: ExplorationPlan
  /// Frames a second of each branch.
  public var framesPerSecond: [Double]
  /// The sum of priority times frames a second, less alpha times the variance.
  public var fitness: Double
}
