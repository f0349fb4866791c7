/// The search within a branch, Algorithm 2: as long as its share lasts, the slowest stage gets twice the parallelism.
struct BranchSearch {
  private let problem: ExplorationProblem
  private let doublings: [Doublings]
  private let members: [[Int]]
  private let followers: [[Int]]

  /// A search in which resources cost what these prices say.
  init(_ problem: ExplorationProblem, prices: Resources) {
    self.problem = problem
    doublings = problem.stages.map { Doublings($0, prices: prices) }
    members = problem.branches.indices.map { branch in
      problem.stages.indices.filter { problem.stages[$0].branch == branch }
    }
    followers = problem.stages.indices.map { stage in
      problem.stages.indices.filter { problem.stages[$0].predecessor == stage }
    }
  }

  /// Speeds the stages of a branch up within its share; the other stages stay as they are.
  ///
  /// - Returns: whether the branch keeps to its share at all.
  func run(_ branch: Int, share: Budget, choices: inout [Int]) -> Bool {
    let limits = share.limits(cycles: .max)
    guard var used = members[branch].reduce(Resources.zero, { sum, stage in
      guard let sum, let cost = cost(of: stage, choices) else { return nil }
      return sum + cost
    }) as Resources?, used.fits(in: limits) else { return false }
    while let slowest = members[branch].max(by: { cycles($0, choices) < cycles($1, choices) }) {
      let now = cycles(slowest, choices)
      guard let fetching = share.cycles(toFetch: used.memoryWords) else { return false }
      // More parallelism does not help where the branch waits for memory.
      guard fetching < now, let next = faster(slowest, used: used, limits: limits, choices) else { return true }
      (choices[slowest], used) = next
    }
    return true
  }

  /// The cycles of each branch: of its slowest stage, one that feeds it included, or of its words at its share.
  func cycles(_ choices: [Int], shares: [Budget]) -> [Int]? {
    var upToHere: [Int] = []
    for (index, stage) in problem.stages.enumerated() {
      upToHere.append(max(cycles(index, choices), stage.predecessor.map { upToHere[$0] } ?? 0))
    }
    var result: [Int] = []
    for branch in members.indices {
      var words = 0
      for stage in members[branch] {
        guard let cost = cost(of: stage, choices) else { return nil }
        words += cost.memoryWords
      }
      guard let fetching = shares[branch].cycles(toFetch: words) else { return nil }
      result.append(max(fetching, members[branch].map { upToHere[$0] }.max() ?? 0))
    }
    return result
  }

  /// The cheapest option of twice the speed that goes with the stages beside it and keeps to the limits.
  private func faster(
    _ stage: Int, used: Resources, limits: Resources, _ choices: [Int]
  ) -> (choice: Int, used: Resources)? {
    let branch = problem.stages[stage].branch
    func share(_ choices: [Int]) -> Resources? {
      guard var sum = cost(of: stage, choices) else { return nil }
      for follower in followers[stage] {
        guard let cost = cost(of: follower, choices) else { return nil }
        if problem.stages[follower].branch == branch { sum += cost }
      }
      return sum
    }
    guard let now = share(choices) else { return nil }
    var tried = choices
    for option in doublings[stage].options(after: cycles(stage, choices)) {
      tried[stage] = option
      guard let then = share(tried) else { continue }
      let total = used - now + then
      if total.fits(in: limits) { return (option, total) }
    }
    return nil
  }

  private func cycles(_ stage: Int, _ choices: [Int]) -> Int {
    problem.stages[stage].options[choices[stage]].cycles
  }

  /// What a stage takes with the link before it; `nil` where the two do not go together.
  private func cost(of stage: Int, _ choices: [Int]) -> Resources? {
    let option = problem.stages[stage].options[choices[stage]]
    guard let predecessor = problem.stages[stage].predecessor, let link = problem.stages[stage].link else {
      return option.resources
    }
    let output = problem.stages[predecessor].options[choices[predecessor]].output
    return link[output: output, input: option.input].map { $0 + option.resources }
  }
}
