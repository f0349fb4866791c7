import WeftNetworks

/// A random design space with a budget, for tests and comparisons.
///
/// The stages have random amounts of work; an option divides it by its parallelism and takes resources about in
/// proportion. A third of the pairs of interfaces take a buffer between them, some do not go together. The budget lies
/// between what the smallest and what the largest options take, so that several limits bind.
public struct RandomProblem: Hashable, Sendable {
  /// How large the problem is.
  public struct Size: Hashable, Sendable {
    /// The fewest and the most stages.
    public var stages: ClosedRange<Int>
    /// The fewest and the most options of a stage.
    public var options: ClosedRange<Int>
    /// Ways of reading and of emitting.
    public var interfaces: Int
    /// The most branches.
    public var branches: Int

    /// A size.
    public init(stages: ClosedRange<Int>, options: ClosedRange<Int>, interfaces: Int, branches: Int = 1) {
      self.stages = stages
      self.options = options
      self.interfaces = interfaces
      self.branches = branches
    }

    /// Few enough plans to look at all of them.
    public static let small = Size(stages: 1...5, options: 1...6, interfaces: 2, branches: 2)
    /// As large as a decoder, with options by the hundred.
    public static let large = Size(stages: 8...16, options: 40...400, interfaces: 6, branches: 3)
  }

  /// The seed.
  public let seed: UInt64
  /// The design space.
  public let problem: ExplorationProblem
  /// The budget.
  public let budget: Budget

  /// The problem of a seed.
  ///
  /// - Throws: `ExplorationError` never for sizes of at least one stage, option, interface and branch.
  public init(seed: UInt64, size: Size) throws(ExplorationError) {
    var random = SeededGenerator(seed: seed)
    let branches = Int.random(in: 1...size.branches, using: &random)
    var stages: [ExplorationProblem.Stage] = []
    for index in 0..<Int.random(in: size.stages, using: &random) {
      let options = Self.options(size, using: &random)
      let isRoot = index == 0 || Int.random(in: 0..<8, using: &random) == 0
      // Mostly the stage before, sometimes an earlier one: a fork.
      let isChain = Int.random(in: 0..<4, using: &random) > 0
      let predecessor = isRoot ? nil : isChain ? index - 1 : Int.random(in: 0..<index, using: &random)
      let hasLink = Int.random(in: 0..<4, using: &random) > 0
      let link = predecessor == nil || !hasLink ? nil : Self.link(size.interfaces, using: &random)
      stages.append(
        ExplorationProblem.Stage(
          name: "stage\(index)", options: options, predecessor: predecessor, link: link,
          branch: Int.random(in: 0..<branches, using: &random)))
    }
    self.seed = seed
    problem = try ExplorationProblem(
      stages: stages, branches: (0..<branches).map { ExplorationProblem.Branch(name: "branch\($0)") })
    budget = Self.budget(for: stages, using: &random)
  }

  private static func options(
    _ size: Size, using random: inout SeededGenerator
  ) -> [ExplorationProblem.Option] {
    let work = Int.random(in: 200...20_000, using: &random)
    let wordsOfStage = Int.random(in: 0..<3, using: &random) == 0 ? work / 8 : 0
    return (0..<Int.random(in: size.options, using: &random)).map { configuration in
      let lanes = 1 << Int.random(in: 0...5, using: &random) + Int.random(in: 0...3, using: &random)
      let blocks = Int.random(in: 1...12, using: &random)
      return ExplorationProblem.Option(
        cycles: work / lanes + Int.random(in: 0...9, using: &random),
        resources: Resources(
          dsp: lanes + Int.random(in: 0...2, using: &random), ramb18: blocks + lanes / 4,
          lut: 40 * lanes + Int.random(in: 0...400, using: &random),
          memoryWords: wordsOfStage / blocks),
        input: Int.random(in: 0..<size.interfaces, using: &random),
        output: Int.random(in: 0..<size.interfaces, using: &random), configuration: configuration)
    }
  }

  private static func link(_ interfaces: Int, using random: inout SeededGenerator) -> InterfaceLink {
    var costs: [Resources?] = []
    for index in 0..<interfaces * interfaces {
      switch Int.random(in: 0..<9, using: &random) {
      case 0 where index % (interfaces + 1) > 0: costs.append(nil)
      case 1...3:
        let blocks = Int.random(in: 1...4, using: &random)
        costs.append(Resources(ramb18: blocks, lut: Int.random(in: 10...90, using: &random)))
      default: costs.append(.zero)
      }
    }
    return InterfaceLink(outputs: interfaces, inputs: interfaces) { costs[$0 * interfaces + $1] }
  }

  private static func budget(
    for stages: [ExplorationProblem.Stage], using random: inout SeededGenerator
  ) -> Budget {
    /// Somewhere between the least and the most that the stages take.
    func limit(_ resource: Resource, using random: inout SeededGenerator) -> Int? {
      guard Int.random(in: 0..<5, using: &random) > 0 else { return nil }
      let least = stages.reduce(0) { $0 + ($1.options.map { $0.resources[resource] }.min() ?? 0) }
      let most = stages.reduce(0) { $0 + ($1.options.map { $0.resources[resource] }.max() ?? 0) }
      return least + (most - least) * Int.random(in: 8...60, using: &random) / 100
    }
    return Budget(
      dsp: limit(.dsp, using: &random), ramb18: limit(.ramb18, using: &random), lut: limit(.lut, using: &random),
      memoryWordsPerCycle: Bool.random(using: &random)
        ? nil : Double(Int.random(in: 1...20, using: &random)) / 8)
  }
}
