/// The problem with its limits turned into prices: the cheapest choice at those prices, by dynamic programming from the
/// last stages to the first.
///
/// No plan within the limits costs more than the limits themselves do at the prices. So where the cheapest choice does,
/// there is no plan; and an option is in none where the cheapest choice with it does.
struct Relaxation {
  /// What cannot be had.
  static let never = 1 << 60

  private let candidates: Candidates
  /// For each stage, for each option, what it costs with all stages after it.
  private let values: [[Int]]
  /// For each stage, for each output of the one before (or one, where there is no link), what it costs at least with
  /// all stages after it and the link.
  private let messages: [[Int]]
  /// For each stage, for each distinct link, its cost.
  private let linkCosts: [[Int]]
  /// What the cheapest choice costs; ``never`` where none goes together.
  let minimum: Int
  /// The places of the options of the cheapest choice.
  let choice: [Int]

  /// The cheapest choice at some prices.
  init(_ candidates: Candidates, prices: Resources) {
    self.candidates = candidates
    let stages = candidates.problem.stages
    var values = candidates.sets.map { $0.costs.map { $0.cost(at: prices) } }
    var messages = [[Int]](repeating: [], count: stages.count)
    var linkCosts = [[Int]](repeating: [], count: stages.count)
    // For each stage, for each of those outputs, the place of the option that has that cost.
    var chosen = [[Int]](repeating: [], count: stages.count)
    // For each stage, for each of its outputs, what the stages after it cost.
    var after = candidates.sets.map { [Int](repeating: 0, count: $0.outputs.count) }
    var total = 0
    for stage in stages.indices.reversed() {
      let set = candidates.sets[stage]
      var best = [Int](repeating: Self.never, count: set.inputs.count)
      var bestPlace = [Int](repeating: 0, count: set.inputs.count)
      for place in values[stage].indices {
        let value = min(Self.never, values[stage][place] + after[stage][set.outputPlaces[place]])
        values[stage][place] = value
        let input = set.inputPlaces[place]
        if value < best[input] { (best[input], bestPlace[input]) = (value, place) }
      }
      if let predecessor = stages[stage].predecessor, let link = stages[stage].link {
        let costs = link.distinct.map { $0.cost(at: prices) }
        let outputs = candidates.sets[predecessor].outputs.count
        var message = [Int](repeating: Self.never, count: outputs)
        var from = [Int](repeating: 0, count: outputs)
        candidates.links[stage].withUnsafeBufferPointer { places in
          for output in 0..<outputs {
            let row = output * best.count
            var (least, leastInput) = (Self.never, 0)
            for input in best.indices where places[row + input] >= 0 {
              let value = costs[Int(places[row + input])] + best[input]
              if value < least { (least, leastInput) = (value, input) }
            }
            (message[output], from[output]) = (least, bestPlace[leastInput])
          }
        }
        (messages[stage], chosen[stage], linkCosts[stage]) = (message, from, costs)
        for output in 0..<outputs {
          after[predecessor][output] = min(Self.never, after[predecessor][output] + message[output])
        }
      } else {
        let least = best.indices.min { best[$0] < best[$1] } ?? 0
        (messages[stage], chosen[stage]) = ([best[least]], [bestPlace[least]])
        if let predecessor = stages[stage].predecessor {
          for output in after[predecessor].indices {
            after[predecessor][output] = min(Self.never, after[predecessor][output] + best[least])
          }
        } else {
          total = min(Self.never, total + best[least])
        }
      }
    }
    var choice = [Int](repeating: 0, count: stages.count)
    for stage in stages.indices {
      let output = stages[stage].predecessor.map { candidates.sets[$0].outputPlaces[choice[$0]] } ?? 0
      choice[stage] = chosen[stage].count == 1 ? chosen[stage][0] : chosen[stage][output]
    }
    self.values = values
    self.messages = messages
    self.linkCosts = linkCosts
    self.minimum = total
    self.choice = choice
  }

  /// For each stage, for each option, what the cheapest choice with that option costs.
  func marginals() -> [[Int]] {
    let stages = candidates.problem.stages
    var marginals: [[Int]] = []
    // For each stage, for each of its outputs, what the cheapest choice costs with it.
    var least: [[Int]] = []
    for (stage, set) in candidates.sets.enumerated() {
      // For each input, what everything but the stage and those after it costs.
      var rest = [Int](repeating: Self.never, count: set.inputs.count)
      if let predecessor = stages[stage].predecessor {
        if stages[stage].link != nil {
          candidates.links[stage].withUnsafeBufferPointer { places in
            for output in least[predecessor].indices where least[predecessor][output] < Self.never {
              let other = least[predecessor][output] - messages[stage][output]
              let row = output * rest.count
              for input in rest.indices where places[row + input] >= 0 {
                rest[input] = min(rest[input], other + linkCosts[stage][Int(places[row + input])])
              }
            }
          }
        } else if let other = least[predecessor].min(), other < Self.never {
          rest = [Int](repeating: other - messages[stage][0], count: rest.count)
        }
      } else if minimum < Self.never {
        rest = [Int](repeating: minimum - messages[stage][0], count: rest.count)
      }
      var own = values[stage]
      var leastHere = [Int](repeating: Self.never, count: set.outputs.count)
      for place in own.indices {
        own[place] = min(Self.never, own[place] + rest[set.inputPlaces[place]])
        let output = set.outputPlaces[place]
        leastHere[output] = min(leastHere[output], own[place])
      }
      marginals.append(own)
      least.append(leastHere)
    }
    return marginals
  }
}
