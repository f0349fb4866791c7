/// The options of all stages that are still in question.
///
/// Whatever is taken away here cannot be part of a plan within the limits, or can be replaced by what stays.
struct Candidates {
  let problem: ExplorationProblem
  private let limits: Resources
  private(set) var sets: [CandidateSet]
  /// For each stage with a link, for each output of the stage before that is left and each input of its own that is
  /// left the place of the cost among the distinct ones of the link; -1 where they do not go together.
  private(set) var links: [[Int32]]

  private init(_ problem: ExplorationProblem, _ options: [[Int]], limits: Resources) {
    self.problem = problem
    self.limits = limits
    let sets = zip(options, problem.stages).map { CandidateSet($0, of: $1) }
    self.sets = sets
    links = problem.stages.indices.map { index in
      let stage = problem.stages[index]
      guard let predecessor = stage.predecessor, let link = stage.link else { return [] }
      let isPossible = link.distinct.map { $0.fits(in: limits) }
      var places: [Int32] = []
      places.reserveCapacity(sets[predecessor].outputs.count * sets[index].inputs.count)
      for output in sets[predecessor].outputs {
        let row = output * link.inputs
        for input in sets[index].inputs {
          let place = link.places[row + input]
          places.append(place >= 0 && isPossible[Int(place)] ? place : -1)
        }
      }
      return places
    }
  }

  /// The options that keep to the limits by themselves, without those that others with the same interfaces match or
  /// beat in everything.
  ///
  /// - Parameter prices: collects the prices that took options away.
  /// - Returns: `nil` where a stage has none.
  init?(
    _ problem: ExplorationProblem, cycles: Int, limits: Resources, prices: inout [Resources]
  ) {
    var options = problem.stages.map { stage in
      stage.options.indices.filter {
        stage.options[$0].cycles <= cycles && stage.options[$0].resources.fits(in: limits)
      }
    }
    guard !options.contains(where: \.isEmpty) else { return nil }
    // Of each resource, what the other stages need at least is not for this one.
    for resource in Resource.allCases where limits[resource] != .max {
      let least = zip(options, problem.stages).map { options, stage in
        options.reduce(Int.max) { min($0, stage.options[$1].resources[resource]) }
      }
      let spare = limits[resource] - least.reduce(0, +)
      var changed = spare < 0
      for (index, stage) in problem.stages.enumerated() {
        let kept = options[index].filter { stage.options[$0].resources[resource] - least[index] <= spare }
        changed = changed || kept.count < options[index].count
        options[index] = kept
      }
      if changed {
        var price = Resources.zero
        price[resource] = 1
        prices.append(price)
      }
      if options.contains(where: \.isEmpty) { return nil }
    }
    self.init(problem, zip(options, problem.stages).map { $1.undominated($0) }, limits: limits)
  }

  /// Those that keep to limits that are no wider; `nil` where a stage has none.
  func tightened(to limits: Resources) -> Candidates? {
    filtered(limits: limits) { sets[$0].costs[$1].fits(in: limits) }
  }

  /// Those for which `keeps` holds of the stage and the place in its set; `nil` where a stage has none.
  func filtered(_ keeps: (_ stage: Int, _ place: Int) -> Bool) -> Candidates? {
    filtered(limits: limits, keeps)
  }

  private func filtered(limits: Resources, _ keeps: (_ stage: Int, _ place: Int) -> Bool) -> Candidates? {
    var options: [[Int]] = []
    for (stage, set) in sets.enumerated() {
      let kept = set.options.indices.filter { keeps(stage, $0) }.map { set.options[$0] }
      if kept.isEmpty { return nil }
      options.append(kept)
    }
    return Candidates(problem, options, limits: limits)
  }

  /// The cost of the link before a stage for these places of the options; `nil` where they do not go together.
  func linkCost(before stage: Int, _ places: [Int]) -> Resources? {
    guard let predecessor = problem.stages[stage].predecessor, let link = problem.stages[stage].link else {
      return .zero
    }
    let output = sets[predecessor].outputPlaces[places[predecessor]]
    let place = links[stage][output * sets[stage].inputs.count + sets[stage].inputPlaces[places[stage]]]
    return place < 0 ? nil : link.distinct[Int(place)]
  }

  /// The options at these places.
  func options(_ places: [Int]) -> [Int] { zip(sets, places).map { $0.options[$1] } }

  /// What the options at these places take together; `nil` where two do not go together.
  func cost(_ places: [Int]) -> Resources? {
    var total = Resources.zero
    for stage in sets.indices {
      guard let link = linkCost(before: stage, places) else { return nil }
      total += sets[stage].costs[places[stage]] + link
    }
    return total
  }
}

extension ExplorationProblem.Stage {
  /// Of these options those that no other of them with the same interfaces matches or beats in every resource; of
  /// equal ones the first.
  fileprivate func undominated(_ candidates: [Int]) -> [Int] {
    func rank(_ index: Int) -> (Int, Int, Int, Int, Int, Int) {
      let option = options[index]
      let resources = option.resources
      return (option.input, option.output, resources.dsp, resources.ramb18, resources.lut, resources.memoryWords)
    }
    let sorted = candidates.sorted { rank($0) == rank($1) ? $0 < $1 : rank($0) < rank($1) }
    var kept: [Int] = []
    var first = 0
    for index in sorted {
      let option = options[index]
      if let last = kept.last, (options[last].input, options[last].output) != (option.input, option.output) {
        first = kept.count
      }
      if !kept[first...].contains(where: { options[$0].resources.fits(in: option.resources) }) { kept.append(index) }
    }
    return kept.sorted()
  }
}
