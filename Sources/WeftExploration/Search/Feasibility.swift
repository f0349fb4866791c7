/// Decides whether a plan keeps to some limits: finds one, or refutes it.
///
/// Prices for the limited resources are raised and lowered until the cheapest choice at these prices keeps to the
/// limits, or costs more than they do. Options that cannot be in any plan go on the way; where prices alone do not
/// decide, the options of a stage are split and each half is decided by itself.
struct Feasibility {
  enum Answer {
    case plan([Int])
    case none(Refutation)
  }

  let problem: ExplorationProblem
  let limits: Resources

  /// The answer for plans whose stages all take at most so many cycles.
  static func decide(_ problem: ExplorationProblem, cycles: Int, limits: Resources) -> Answer {
    let search = Feasibility(problem: problem, limits: limits)
    var prices: [Resources] = []
    guard let candidates = Candidates(problem, cycles: cycles, limits: limits, prices: &prices) else {
      return .none(Refutation(prices: prices))
    }
    switch search.decide(candidates, depth: 0, shares: nil) {
    case .plan(let choices): return .plan(choices)
    case .none(var refutation):
      refutation.prices = prices + refutation.prices
      return .none(refutation)
    }
  }

  /// The limited resources.
  private var limited: [Resource] { Resource.allCases.filter { limits[$0] != .max } }

  private func decide(_ start: Candidates, depth: Int, shares inherited: [Double]?) -> Answer {
    var candidates = start
    var refutation = Refutation()

    /// Takes away what cannot be at these prices; whether anything is left.
    func reduce(_ relaxation: Relaxation, _ prices: Resources) -> Bool {
      let limit = limits.cost(at: prices)
      guard relaxation.minimum <= limit else {
        refutation.prices.append(prices)
        return false
      }
      let marginals = relaxation.marginals()
      guard marginals.contains(where: { $0.contains { $0 > limit } }) else { return true }
      refutation.prices.append(prices)
      guard let fewer = candidates.filtered({ marginals[$0][$1] <= limit }) else { return false }
      candidates = fewer
      return true
    }

    for resource in limited {
      var price = Resources.zero
      price[resource] = 1
      let relaxation = Relaxation(candidates, prices: price)
      if fits(relaxation.choice, in: candidates) { return .plan(options(relaxation.choice, of: candidates)) }
      guard reduce(relaxation, price) else { return .none(refutation) }
    }

    var ascent = PriceAscent(limits: limits, shares: inherited)
    var recent: [[Int]] = []
    for round in 0..<(depth == 0 ? 60 : 24) {
      let prices = Refutation.prices(ascent.shares, limits: limits)
      let relaxation = Relaxation(candidates, prices: prices)
      guard relaxation.minimum < Relaxation.never, let cost = candidates.cost(relaxation.choice) else {
        refutation.prices.append(prices)
        return .none(refutation)
      }
      if cost.fits(in: limits) { return .plan(options(relaxation.choice, of: candidates)) }
      if round % 8 < 2, let plan = Repair(candidates, limits: limits).plan(from: relaxation.choice) {
        return .plan(options(plan, of: candidates))
      }
      recent.append(options(relaxation.choice, of: candidates))
      let bound = relaxation.minimum - limits.cost(at: prices)
      if ascent.improves(bound), !reduce(relaxation, prices) { return .none(refutation) }
      guard ascent.step(bound: bound, cost: cost) else { break }
    }

    guard candidates.sets.contains(where: { $0.count > 1 }) else {
      // A single choice is left: it is a plan, or one resource alone refutes it.
      switch decide(candidates, depth: depth + 1, shares: ascent.best) {
      case .plan(let choices): return .plan(choices)
      case .none(let rest): return .none(Refutation(prices: refutation.prices + rest.prices, split: rest.split))
      }
    }
    let split = self.split(candidates, recent: Array(recent.suffix(12)))
    var halves: [Refutation] = []
    for first in [true, false] {
      guard
        let half = candidates.filtered({ stage, place in
          stage != split.stage || split.options.contains(candidates.sets[stage].options[place]) == first
        })
      else { preconditionFailure("both halves of a split have options") }
      switch decide(half, depth: depth + 1, shares: ascent.best) {
      case .plan(let choices): return .plan(choices)
      case .none(let refutation): halves.append(refutation)
      }
    }
    refutation.split = Refutation.Split(stage: split.stage, options: split.options, halves: halves)
    return .none(refutation)
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

  private func fits(_ places: [Int], in candidates: Candidates) -> Bool {
    candidates.cost(places)?.fits(in: limits) ?? false
  }

  private func options(_ places: [Int], of candidates: Candidates) -> [Int] {
    zip(candidates.sets, places).map { $0.options[$1] }
  }
}
