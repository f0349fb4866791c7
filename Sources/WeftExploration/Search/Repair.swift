/// Turns a choice that takes too much into a plan, if exchanging single options suffices.
struct Repair {
  private let candidates: Candidates
  private let limits: Resources
  private let followers: [[Int]]

  init(_ candidates: Candidates, limits: Resources) {
    self.candidates = candidates
    self.limits = limits
    var followers = [[Int]](repeating: [], count: candidates.sets.count)
    for (stage, description) in candidates.problem.stages.enumerated() {
      if let predecessor = description.predecessor { followers[predecessor].append(stage) }
    }
    self.followers = followers
  }

  /// A plan within the limits: stage after stage takes the option that brings the excess down most, until there is
  /// none or no stage can bring it down.
  func plan(from start: [Int]) -> [Int]? {
    var places = start
    guard var cost = candidates.cost(places) else { return nil }
    var excess = self.excess(cost)
    while excess > 0 {
      let before = excess
      for stage in candidates.sets.indices {
        guard let own = share(of: stage, places) else { return nil }
        let others = cost - own
        var best = places[stage]
        for place in candidates.sets[stage].options.indices {
          // Links only add to what an option takes.
          guard self.excess(others + candidates.sets[stage].costs[place]) < excess else { continue }
          places[stage] = place
          guard let share = share(of: stage, places) else { continue }
          let candidate = self.excess(others + share)
          if candidate < excess { (best, cost, excess) = (place, others + share, candidate) }
        }
        places[stage] = best
        if excess == 0 { return places }
      }
      if excess == before { return nil }
    }
    return places
  }

  /// What a stage takes with the links at it.
  private func share(of stage: Int, _ places: [Int]) -> Resources? {
    guard var share = candidates.linkCost(before: stage, places) else { return nil }
    share += candidates.sets[stage].costs[places[stage]]
    for follower in followers[stage] {
      guard let link = candidates.linkCost(before: follower, places) else { return nil }
      share += link
    }
    return share
  }

  /// How far a cost is above the limits, as a part of them.
  private func excess(_ cost: Resources) -> Double {
    var excess = 0.0
    for resource in Resource.allCases where cost[resource] > limits[resource] {
      excess += Double(cost[resource] - limits[resource]) / Double(max(1, limits[resource]))
    }
    return excess
  }
}
