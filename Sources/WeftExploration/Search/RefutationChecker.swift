/// Follows a refutation step by step. It shares nothing with the search but the problem.
struct RefutationChecker {
  private let problem: ExplorationProblem
  private let limits: Resources
  /// For each stage which options are in question.
  private let start: [[Int]]

  /// A checker for plans of at most so many cycles within the limits.
  init(_ problem: ExplorationProblem, cycles: Int, limits: Resources) {
    self.problem = problem
    self.limits = limits
    start = problem.stages.map { stage in
      let possible = stage.options.indices.filter {
        stage.options[$0].cycles <= cycles && stage.options[$0].resources.fits(in: limits)
      }
      return Self.withoutDominated(possible, of: stage)
    }
  }

  /// Whether the refutation ends in contradictions everywhere.
  func accepts(_ refutation: Refutation) -> Bool { accepts(refutation, start) }

  private func accepts(_ refutation: Refutation, _ options: [[Int]]) -> Bool {
    var options = options
    for prices in refutation.prices {
      if options.contains(where: \.isEmpty) { return true }
      guard let limit = limitCost(at: prices) else { return false }
      let cheapest = cheapestWith(options, prices: prices)
      options = zip(options, cheapest).map { stage, costs in zip(stage, costs).filter { $1 <= limit }.map(\.0) }
    }
    if options.contains(where: \.isEmpty) { return true }
    guard let split = refutation.split, split.halves.count == 2, problem.stages.indices.contains(split.stage) else {
      return false
    }
    let chosen = Set(split.options)
    var (first, second) = (options, options)
    first[split.stage].removeAll { !chosen.contains($0) }
    second[split.stage].removeAll { chosen.contains($0) }
    return accepts(split.halves[0], first) && accepts(split.halves[1], second)
  }

  /// What the limits cost; `nil` for prices that are negative, that price what is not limited, or that are too large to
  /// be added up exactly.
  private func limitCost(at prices: Resources) -> Int? {
    var total = 0
    for resource in Resource.allCases where prices[resource] != 0 {
      guard prices[resource] > 0, limits[resource] != .max else { return nil }
      let most = max(1, min(limits[resource], ExplorationProblem.largestFigure))
      let (cost, overflows) = prices[resource].multipliedReportingOverflow(by: most)
      guard !overflows, cost <= 2 * Refutation.unit else { return nil }
      total += prices[resource] * limits[resource]
    }
    return total
  }

  /// For each stage, for each of its options, the least cost of a choice with it.
  private func cheapestWith(_ options: [[Int]], prices: Resources) -> [[Int]] {
    let stages = problem.stages
    let never = Int.max / 4
    // From the last stage to the first: the cost of each option with everything after it, and of each way of emitting
    // with everything that hangs on it.
    var downstream: [[Int]] = options.map { [Int](repeating: 0, count: $0.count) }
    var hanging: [[Int]] = stages.map { [Int](repeating: 0, count: 1 + ($0.options.map(\.output).max() ?? 0)) }
    var needed: [[Int]] = stages.map { _ in [] }
    var linkCosts: [[Int]] = stages.map { _ in [] }
    for index in stages.indices.reversed() {
      let stage = stages[index]
      for (place, option) in options[index].enumerated() {
        let value = stage.options[option]
        downstream[index][place] = min(never, value.resources.cost(at: prices) + hanging[index][value.output])
      }
      guard let predecessor = stage.predecessor else { continue }
      let byInput = leastByInput(options[index], of: stage, costs: downstream[index], never: never)
      linkCosts[index] = (stage.link?.distinct ?? []).map { $0.fits(in: limits) ? $0.cost(at: prices) : never }
      let emitted = Set(options[predecessor].map { stages[predecessor].options[$0].output })
      needed[index] = [Int](repeating: never, count: hanging[predecessor].count)
      for output in emitted {
        for (input, cost) in byInput {
          let link = linkCost(stage, linkCosts[index], output: output, input: input, never: never)
          needed[index][output] = min(needed[index][output], cost + link)
        }
        hanging[predecessor][output] = min(never, hanging[predecessor][output] + needed[index][output])
      }
    }
    let trees = stages.indices.filter { stages[$0].predecessor == nil }
    let roots = Dictionary(uniqueKeysWithValues: trees.map { ($0, downstream[$0].min() ?? never) })
    let total = roots.values.reduce(0) { min(never, $0 + $1) }
    // From the first stage to the last: the same with everything else.
    var result: [[Int]] = []
    for (index, stage) in stages.enumerated() {
      var elsewhere: [Int: Int] = [:]
      let inputs = Set(options[index].map { stage.options[$0].input })
      if let predecessor = stage.predecessor {
        var without = [Int](repeating: never, count: hanging[predecessor].count)
        for (place, option) in options[predecessor].enumerated() where result[predecessor][place] < never {
          let output = stages[predecessor].options[option].output
          without[output] = min(without[output], result[predecessor][place] - needed[index][output])
        }
        for input in inputs {
          var least = never
          for output in without.indices where without[output] < never {
            let link = linkCost(stage, linkCosts[index], output: output, input: input, never: never)
            least = min(least, without[output] + link)
          }
          elsewhere[input] = least
        }
      } else if total < never, let own = roots[index] {
        for input in inputs { elsewhere[input] = total - own }
      }
      result.append(
        zip(options[index], downstream[index]).map { option, cost in
          min(never, cost + (elsewhere[stage.options[option].input] ?? never))
        })
    }
    return result
  }

  /// For each input that these options have, the least of their costs.
  private func leastByInput(
    _ options: [Int], of stage: ExplorationProblem.Stage, costs: [Int], never: Int
  ) -> [(input: Int, cost: Int)] {
    var least: [Int: Int] = [:]
    for (option, cost) in zip(options, costs) {
      least[stage.options[option].input, default: never] = min(least[stage.options[option].input] ?? never, cost)
    }
    return least.map { ($0.key, $0.value) }
  }

  private func linkCost(
    _ stage: ExplorationProblem.Stage, _ costs: [Int], output: Int, input: Int, never: Int
  ) -> Int {
    guard let link = stage.link else { return 0 }
    let place = link.places[output * link.inputs + input]
    return place < 0 ? never : costs[Int(place)]
  }

  /// The options for which none with the same interfaces takes at most as much of everything, the first of equal ones.
  private static func withoutDominated(_ options: [Int], of stage: ExplorationProblem.Stage) -> [Int] {
    struct Interfaces: Hashable {
      let input: Int
      let output: Int
    }
    let groups = Dictionary(grouping: options) {
      Interfaces(input: stage.options[$0].input, output: stage.options[$0].output)
    }
    return groups.values.flatMap { group in
      group.filter { option in
        let resources = stage.options[option].resources
        return !group.contains { other in
          let better = stage.options[other].resources
          return better.fits(in: resources) && (better != resources || other < option)
        }
      }
    }.sorted()
  }
}
