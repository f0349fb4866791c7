import WeftAccelerators
import WeftNetworks

/// What a plan's joins take follows from the times of all stages, which no link of two of them shows. So a search
/// begins with what the links show, and where the plan that it finds has joins that take more, they are charged with
/// that, for any plan, and the search begins again. What a plan is said to take is never less than what it does take,
/// and the certificate is one for the space with its charges.
extension DesignSpace {
  /// What a search finds in the space, or in one in which joins are charged with what they take in the plan that it
  /// finds.
  ///
  /// - Parameters:
  ///   - search: Finds something in a space.
  ///   - choices: The choices of the plan that was found.
  /// - Returns: what was found, and the space in which.
  /// - Throws: What the search throws, and `PlanError` where a plan that it finds cannot be built.
  public func charging<Result>(
    _ search: (DesignSpace) throws -> Result, choices: (Result) -> [Int]
  ) throws -> (space: DesignSpace, result: Result) {
    var space = self
    while true {
      let result = try search(space)
      guard let charged = try space.charged(for: choices(result)) else { return (space, result) }
      space = charged
    }
  }

  /// The space in which joins are charged with what they take in a plan; `nil` where they are already.
  private func charged(for choices: [Int]) throws -> DesignSpace? {
    guard network.layers.contains(where: { $0.sources.count > 1 }) else { return nil }
    let stages = try plan(choices).geometries(for: network)
    var needed = stages.map { stage in
      let cost = StageCost(stage, on: device.dspKind)
      return cost.unit + cost.lineBuffers
    }
    for queue in LinkQueue.queues(of: network, stages) { needed[queue.reader] += queue.resources }
    var charges = charges
    for (index, stage) in problem.stages.enumerated() {
      let option = stage.options[choices[index]]
      var known = option.resources
      if let predecessor = stage.predecessor, let link = stage.link {
        let output = problem.stages[predecessor].options[choices[predecessor]].output
        known += link[output: output, input: option.input] ?? .zero
      }
      for resource in [Resource.ramb18, .lut] where needed[index][resource] > known[resource] {
        // The second time somewhat more, so that it does not take many.
        let more = needed[index][resource] - known[resource]
        charges[index][resource] += charges[index][resource] == 0 ? more : more + needed[index][resource] / 16
      }
    }
    return charges == self.charges ? nil : try DesignSpace(self, charges: charges)
  }
}

extension LinkQueue {
  /// What the queue takes.
  public var resources: Resources {
    Resources(ramb18: memory.ramb18, lut: memory.lut(isWritten: true) + Self.controlTables)
  }

  /// Look-up tables of the addresses and of the fill.
  private static let controlTables = 50
}
