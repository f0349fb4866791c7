/// The options that a doubling of a stage's parallelism leads to.
struct Doublings {
  /// For each level, of each way to read and to emit, the cheapest option whose cycles are at most those of the slowest
  /// option divided by two to the power of the level; the cheapest first.
  private let levels: [[Int]]
  private let slowest: Int

  /// Those of a stage whose options cost what their resources do at some prices.
  init(_ stage: ExplorationProblem.Stage, prices: Resources) {
    let costs = stage.options.map { $0.resources.cost(at: prices) }
    let sorted = stage.options.indices.sorted {
      (costs[$0], stage.options[$0].cycles, $0) < (costs[$1], stage.options[$1].cycles, $1)
    }
    slowest = stage.options.map(\.cycles).max() ?? 0
    var levels: [[Int]] = []
    while levels.count < 41 {
      let target = slowest >> levels.count
      var known: Set<[Int]> = []
      let options = sorted.filter { index in
        let option = stage.options[index]
        return option.cycles <= target && known.insert([option.input, option.output]).inserted
      }
      if options.isEmpty { break }
      levels.append(options)
    }
    self.levels = levels
  }

  /// The options in at most half of so many cycles; none where no option is that fast.
  func options(after cycles: Int) -> [Int] {
    for (level, options) in levels.enumerated() where slowest >> level <= cycles / 2 { return options }
    return []
  }
}
