/// A design space: stages with the options that each has, what it takes to connect them, and the branches they are in.
///
/// The stages form a forest: each reads from at most one other. A plan picks an option for every stage. It takes as
/// many cycles a frame as its slowest stage, or as the memory port needs for the words of all stages; all other
/// resources add up, over the stages and over the links between them.
public struct ExplorationProblem: Hashable, Sendable {
  /// One way to build a stage.
  public struct Option: Hashable, Sendable {
    /// Cycles that the stage takes for a frame.
    public var cycles: Int
    /// What it takes.
    public var resources: Resources
    /// How it reads: an input of the stage's link. Zero where the stage has none.
    public var input: Int
    /// How it emits: an output of the links of the stages after.
    public var output: Int
    /// Which configuration this is, for whoever made the problem.
    public var configuration: Int

    /// An option.
    public init(cycles: Int, resources: Resources, input: Int = 0, output: Int = 0, configuration: Int = 0) {
      self.cycles = cycles
      self.resources = resources
      self.input = input
      self.output = output
      self.configuration = configuration
    }
  }

  /// A stage and its options.
  public struct Stage: Hashable, Sendable {
    /// The name that messages use.
    public var name: String
    /// The options, at least one.
    public var options: [Option]
    /// Index of the stage that it reads from, which comes before it; `nil` where it reads an input of the network.
    public var predecessor: Int?
    /// What it takes to connect it to that stage; `nil` where that takes nothing, whatever the two options are.
    public var link: InterfaceLink?
    /// Index of the branch that it is counted in.
    public var branch: Int

    /// A stage.
    public init(
      name: String, options: [Option], predecessor: Int? = nil, link: InterfaceLink? = nil, branch: Int = 0
    ) {
      self.name = name
      self.options = options
      self.predecessor = predecessor
      self.link = link
      self.branch = branch
    }
  }

  /// A branch of the network: what the published search shares the budget among.
  public struct Branch: Hashable, Sendable, Codable {
    /// The name that reports use.
    public var name: String
    /// How much its frames a second count.
    public var priority: Double
    /// Passes of the branch that a frame takes; the figures of the options are those of all of them.
    public var batch: Int

    /// A branch.
    public init(name: String, priority: Double = 1, batch: Int = 1) {
      self.name = name
      self.priority = priority
      self.batch = batch
    }
  }

  /// The stages, each after the one that it reads from.
  public let stages: [Stage]
  /// The branches.
  public let branches: [Branch]

  /// The largest amount that any figure of a problem may have.
  public static let largestFigure = 1 << 40
  /// The most stages that a problem may have.
  public static let mostStages = 4096

  /// A problem.
  ///
  /// - Throws: `ExplorationError` that names the stage whose description is impossible.
  public init(stages: [Stage], branches: [Branch] = [Branch(name: "all")]) throws(ExplorationError) {
    guard stages.count <= Self.mostStages else {
      throw ExplorationError(
        "the problem has \(stages.count) stages; the search takes at most \(Self.mostStages), so join some")
    }
    for (index, stage) in stages.enumerated() {
      let fault: String?
      if stage.options.isEmpty {
        fault = "has no option; give it one at least"
      } else if let predecessor = stage.predecessor, !(0..<index).contains(predecessor) {
        fault = "reads from stage \(predecessor), which does not come before it; order the stages along the data"
      } else if !branches.indices.contains(stage.branch) {
        fault = "is in branch \(stage.branch), but there are \(branches.count); give it one of them"
      } else if stage.predecessor == nil, stage.link != nil {
        fault = "has a link but reads from no stage; drop the link or name the stage"
      } else {
        fault = stage.fault(before: stage.predecessor.map { stages[$0] })
      }
      if let fault { throw ExplorationError("the stage '\(stage.name)' \(fault)") }
    }
    self.stages = stages
    self.branches = branches
  }

  /// What a choice of options makes.
  ///
  /// - Returns: the plan with its figures; `nil` where two options do not go together, or where the memory port of the
  ///   budget never gives the words.
  public func plan(choices: [Int], budget: Budget) -> ExplorationPlan? {
    guard choices.count == stages.count, zip(choices, stages).allSatisfy({ $1.options.indices.contains($0) }) else {
      return nil
    }
    var total = Resources.zero
    var cycles = 0
    for (stage, choice) in zip(stages, choices) {
      let option = stage.options[choice]
      total += option.resources
      cycles = max(cycles, option.cycles)
      guard let predecessor = stage.predecessor, let link = stage.link else { continue }
      let output = stages[predecessor].options[choices[predecessor]].output
      guard let cost = link[output: output, input: option.input] else { return nil }
      total += cost
    }
    guard let fetching = budget.cycles(toFetch: total.memoryWords) else { return nil }
    return ExplorationPlan(choices: choices, cycles: max(cycles, fetching), resources: total)
  }
}

extension ExplorationProblem.Stage {
  /// What is wrong with the options or the link, as the end of a sentence.
  fileprivate func fault(before: ExplorationProblem.Stage?) -> String? {
    let range = 0...ExplorationProblem.largestFigure
    func isPossible(_ resources: Resources) -> Bool { Resource.allCases.allSatisfy { range.contains(resources[$0]) } }
    guard options.allSatisfy({ range.contains($0.cycles) && isPossible($0.resources) }) else {
      return "has an option with a figure that is not between 0 and \(range.upperBound); correct its cost"
    }
    guard let link else { return nil }
    guard link.distinct.allSatisfy(isPossible) else {
      return "has a link with a figure that is not between 0 and \(range.upperBound); correct its cost"
    }
    guard options.allSatisfy({ (0..<link.inputs).contains($0.input) }) else {
      return "has an option whose input is not among the \(link.inputs) of its link; extend the link"
    }
    guard before?.options.allSatisfy({ (0..<link.outputs).contains($0.output) }) ?? true else {
      return "reads from an option whose output is not among the \(link.outputs) of the link; extend the link"
    }
    return nil
  }
}
