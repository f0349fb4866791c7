/// Decides whether a plan keeps to some limits: finds one, or refutes it.
///
/// Prices for the limited resources are raised and lowered until the cheapest choice at these prices keeps to the
/// limits, or costs more than they do. Options that cannot be in any plan go on the way; where prices alone do not
/// decide, the options of a stage are split and each half is decided by itself.
struct Feasibility {
  enum Answer {
    case plan([Int])
    case none(Refutation)
    /// More regions would have to be looked at than was asked for.
    case undecided
  }

  let problem: ExplorationProblem
  let limits: Resources
  /// Regions that may still be looked at.
  private var effort: Int

  private init(_ problem: ExplorationProblem, limits: Resources, effort: Int) {
    self.problem = problem
    self.limits = limits
    self.effort = effort
  }

  /// The answer for plans whose stages all take at most so many cycles.
  ///
  /// - Parameter effort: The most regions to look at.
  /// - Returns: the answer and, where there is a plan, the region that plans within these or tighter limits are in.
  static func decide(
    _ problem: ExplorationProblem, cycles: Int, limits: Resources, effort: Int = .max
  ) -> (answer: Answer, region: Region?) {
    var prices: [Resources] = []
    guard let candidates = Candidates(problem, cycles: cycles, limits: limits, prices: &prices) else {
      return (.none(Refutation(prices: prices)), nil)
    }
    return decide(Region(candidates: candidates, prices: prices), limits: limits, effort: effort)
  }

  /// The answer for the plans of a region and limits that are no wider than those it was made for.
  static func decide(_ region: Region, limits: Resources, effort: Int = .max) -> (answer: Answer, region: Region?) {
    guard let candidates = region.candidates.tightened(to: limits) else {
      return (.none(Refutation(prices: region.prices)), nil)
    }
    var search = Feasibility(candidates.problem, limits: limits, effort: effort)
    var region = Region(candidates: candidates, prices: region.prices)
    let answer = search.decide(&region, depth: 0, shares: nil)
    return (answer, region)
  }

  /// The limited resources.
  private var limited: [Resource] { Resource.allCases.filter { limits[$0] != .max } }

  /// Decides for a region, from which goes what cannot be in a plan.
  private mutating func decide(_ region: inout Region, depth: Int, shares inherited: [Double]?) -> Answer {
    guard effort > 0 else { return .undecided }
    effort -= 1
    for resource in limited {
      var price = Resources.zero
      price[resource] = 1
      let relaxation = Relaxation(region.candidates, prices: price)
      if let plan = plan(relaxation.choice, of: region.candidates) { return .plan(plan) }
      guard reduce(&region, relaxation, price) else { return .none(Refutation(prices: region.prices)) }
    }

    var ascent = PriceAscent(limits: limits, shares: inherited)
    var recent: [[Int]] = []
    for round in 0..<(depth == 0 ? 60 : 24) {
      let candidates = region.candidates
      let prices = Refutation.prices(ascent.shares, limits: limits)
      let relaxation = Relaxation(candidates, prices: prices)
      guard relaxation.minimum < Relaxation.never, let cost = candidates.cost(relaxation.choice) else {
        return .none(Refutation(prices: region.prices + [prices]))
      }
      if let plan = plan(relaxation.choice, of: candidates) { return .plan(plan) }
      if round % 8 < 2, let repaired = Repair(candidates, limits: limits).plan(from: relaxation.choice) {
        return .plan(candidates.options(repaired))
      }
      recent.append(candidates.options(relaxation.choice))
      let bound = relaxation.minimum - limits.cost(at: prices)
      if ascent.improves(bound), !reduce(&region, relaxation, prices) {
        return .none(Refutation(prices: region.prices))
      }
      guard ascent.step(bound: bound, cost: cost) else { break }
    }

    guard region.candidates.sets.contains(where: { $0.count > 1 }) else {
      // A single choice is left: it is a plan, or one resource alone refutes it.
      return decide(&region, depth: depth + 1, shares: ascent.best)
    }
    let candidates = region.candidates
    let split = self.split(candidates, recent: Array(recent.suffix(12)))
    var halves: [Refutation] = []
    for first in [true, false] {
      guard
        let half = candidates.filtered({ stage, place in
          stage != split.stage || split.options.contains(candidates.sets[stage].options[place]) == first
        })
      else { preconditionFailure("both halves of a split have options") }
      var part = Region(candidates: half, prices: [])
      switch decide(&part, depth: depth + 1, shares: ascent.best) {
      case .plan(let choices): return .plan(choices)
      case .none(let refutation): halves.append(refutation)
      case .undecided: return .undecided
      }
    }
    return .none(
      Refutation(
        prices: region.prices,
        split: Refutation.Split(stage: split.stage, options: split.options, halves: halves)))
  }

  /// Takes away what costs too much at these prices; whether anything is left.
  private func reduce(_ region: inout Region, _ relaxation: Relaxation, _ prices: Resources) -> Bool {
    let limit = limits.cost(at: prices)
    guard relaxation.minimum <= limit else {
      region.prices.append(prices)
      return false
    }
    let marginals = relaxation.marginals()
    guard marginals.contains(where: { $0.contains { $0 > limit } }) else { return true }
    region.prices.append(prices)
    guard let fewer = region.candidates.filtered({ marginals[$0][$1] <= limit }) else { return false }
    region.candidates = fewer
    return true
  }

  /// The choice at these places, if it is a plan within the limits.
  private func plan(_ places: [Int], of candidates: Candidates) -> [Int]? {
    guard let cost = candidates.cost(places), cost.fits(in: limits) else { return nil }
    return candidates.options(places)
  }

  /// Which stage to split, and the options of the first half: the one over whose options the latest choices differ
  /// most, between the more and the less expensive ones.
  private func split(_ candidates: Candidates, recent: [[Int]]) -> (stage: Int, options: [Int]) {
    var best: (stage: Int, resource: Resource, middle: Int, span: Double)?
    for (stage, set) in candidates.sets.enumerated() where set.count > 1 {
      let used = Set(recent.map { $0[stage] }).sorted()
      for resource in limited {
        let amounts = used.map { problem.stages[stage].options[$0].resources[resource] }
        guard let least = amounts.min(), let most = amounts.max(), least < most else { continue }
        let middle = least + (most - least) / 2
        let span = Double(most - least) / Double(max(1, limits[resource]))
        let here = set.costs.map { $0[resource] }
        guard here.contains(where: { $0 <= middle }), here.contains(where: { $0 > middle }) else { continue }
        if span > best?.span ?? 0 { best = (stage, resource, middle, span) }
      }
    }
    if let best {
      let set = candidates.sets[best.stage]
      let places = set.options.indices.filter { set.costs[$0][best.resource] <= best.middle }
      return (best.stage, places.map { set.options[$0] })
    }
    let stage = candidates.sets.indices.max { candidates.sets[$0].count < candidates.sets[$1].count } ?? 0
    let options = candidates.sets[stage].options
    return (stage, Array(options.prefix(options.count / 2)))
  }
}
