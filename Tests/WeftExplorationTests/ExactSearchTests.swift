import Foundation
import Testing
import WeftExploration

@Suite struct ExactSearchTests {
  /// 200 small problems, the seeds in groups of ten.
  @Test(arguments: 0..<20 as Range<UInt64>) func equalsEnumeration(group: UInt64) throws {
    for seed in group * 10..<group * 10 + 10 {
      let random = try RandomProblem(seed: seed, size: .small)
      let expected = Enumeration(random.problem, budget: random.budget).best()
      let found = try? ExactSearch(random.problem, budget: random.budget).run()
      #expect(found?.plan.figures() == expected, "seed \(seed)")
      guard let found else { continue }
      #expect(found.certificate.bound == found.plan.cycles, "seed \(seed)")
      #expect(throws: Never.self, "seed \(seed)") {
        try found.certificate.check(found.plan, problem: random.problem, budget: random.budget)
      }
    }
  }

  /// 200 larger problems, the seeds in groups of ten.
  @Test(arguments: 0..<20 as Range<UInt64>) func noPublishedPlanIsFaster(group: UInt64) throws {
    for seed in group * 10..<group * 10 + 10 {
      let random = try RandomProblem(seed: seed, size: .large)
      let published = try? PublishedSearch(random.problem, budget: random.budget, seed: seed).run()
      let exact = try? ExactSearch(random.problem, budget: random.budget).run()
      if let published {
        #expect(published.plan.fits(random.budget), "seed \(seed)")
        #expect(exact.map { $0.plan.cycles <= published.plan.cycles } ?? false, "seed \(seed)")
      }
      guard let exact else { continue }
      #expect(throws: Never.self, "seed \(seed)") {
        try exact.certificate.check(exact.plan, problem: random.problem, budget: random.budget)
      }
    }
  }

  /// Where the fewest of the other resources would take too long to prove, the cycles are still the fewest, and nothing
  /// is claimed that is not shown.
  @Test func whatTakesLongIsNotClaimed() throws {
    var unproven = 0
    for seed in 0..<60 as Range<UInt64> {
      let random = try RandomProblem(seed: seed, size: .large)
      guard let whole = try? ExactSearch(random.problem, budget: random.budget).run() else { continue }
      var search = ExactSearch(random.problem, budget: random.budget)
      search.tieEffort = 1
      let found = try search.run()
      #expect(found.certificate.bound == whole.plan.cycles && found.plan.cycles == whole.plan.cycles, "seed \(seed)")
      #expect(throws: Never.self, "seed \(seed)") {
        try found.certificate.check(found.plan, problem: random.problem, budget: random.budget)
      }
      if found.certificate.claims.count < whole.certificate.claims.count { unproven += 1 }
    }
    #expect(unproven > 0)
  }

  /// The plan with the fewest DSPs of those within a target that lies between the fastest plan and twice its cycles.
  @Test(arguments: 0..<40 as Range<UInt64>) func theCheapestWithinATargetIsFound(seed: UInt64) throws {
    let random = try RandomProblem(seed: seed, size: .small)
    let plans = Enumeration(random.problem, budget: random.budget).plans
    guard let fastest = plans.map(\.cycles).min() else { return }
    let target = fastest + fastest * Int(seed % 7) / 6
    let expected = plans.filter { $0.cycles <= target }.map { Array($0.figures().dropFirst()) }
      .min { $0.lexicographicallyPrecedes($1) }
    let found = try ExactSearch(random.problem, budget: random.budget, target: target).run()
    #expect(found.plan.cycles <= target && Array(found.plan.figures().dropFirst()) == expected, "seed \(seed)")
    #expect(found.certificate.bound == nil && found.certificate.target == target)
    #expect(throws: Never.self, "seed \(seed)") {
      try found.certificate.check(found.plan, problem: random.problem, budget: random.budget)
    }
    var falseCertificate = found.certificate
    falseCertificate.target = found.plan.cycles - 1
    #expect(throws: ExplorationError.self) {
      try falseCertificate.check(found.plan, problem: random.problem, budget: random.budget)
    }
    #expect(throws: ExplorationError.self) {
      try ExactSearch(random.problem, budget: random.budget, target: fastest - 1).run()
    }
  }

  /// A fast stage, a slow one with two speeds, a buffer between unlike interfaces.
  private static func pair() throws -> ExplorationProblem {
    try ExplorationProblem(stages: [
      ExplorationProblem.Stage(
        name: "first",
        options: [
          ExplorationProblem.Option(cycles: 100, resources: Resources(dsp: 1, lut: 10), output: 0),
          ExplorationProblem.Option(cycles: 50, resources: Resources(dsp: 2, lut: 10), output: 1),
        ]),
      ExplorationProblem.Stage(
        name: "second",
        options: [
          ExplorationProblem.Option(cycles: 90, resources: Resources(dsp: 3, memoryWords: 60), input: 0),
          ExplorationProblem.Option(cycles: 45, resources: Resources(dsp: 6, memoryWords: 60), input: 1),
        ],
        predecessor: 0,
        link: InterfaceLink(outputs: 2, inputs: 2) { output, input in
          (output, input) == (0, 1) ? nil : Resources(ramb18: output == input ? 1 : 4)
        }),
    ])
  }

  @Test func aPlanAddsUpItsOptionsAndLinks() throws {
    let problem = try Self.pair()
    let plan = problem.plan(choices: [1, 0], budget: Budget())
    #expect(plan?.cycles == 90)
    #expect(plan?.resources == Resources(dsp: 5, ramb18: 4, lut: 10, memoryWords: 60))
    #expect(problem.plan(choices: [0, 1], budget: Budget()) == nil)
    #expect(problem.plan(choices: [1, 0], budget: Budget(memoryWordsPerCycle: 0.5))?.cycles == 120)
  }

  @Test func eachBudgetBinds() throws {
    let problem = try Self.pair()
    func cycles(_ budget: Budget) throws -> Int { try ExactSearch(problem, budget: budget).run().plan.cycles }
    #expect(try cycles(Budget()) == 50)
    #expect(try cycles(Budget(dsp: 7)) == 90)
    #expect(try cycles(Budget(dsp: 7, ramb18: 3)) == 100)
    // 60 words at three words in four cycles.
    #expect(try cycles(Budget(memoryWordsPerCycle: 0.75)) == 80)
  }

  @Test func whatIsShortIsNamed() throws {
    let problem = try Self.pair()
    let short = #expect(throws: ExplorationError.self) { try ExactSearch(problem, budget: Budget(dsp: 3)).run() }
    #expect(
      short?.message
        == "no plan fits: even the smallest takes 4 DSPs, and the budget has 3; choose a larger device or give the"
        + " stages smaller options")
    let both = #expect(throws: ExplorationError.self) {
      try ExactSearch(problem, budget: Budget(dsp: 5, ramb18: 1, lut: 9)).run()
    }
    #expect(both?.message.contains("10 LUTs, and the budget has 9") == true)
    let port = #expect(throws: ExplorationError.self) {
      try ExactSearch(problem, budget: Budget(memoryWordsPerCycle: 0)).run()
    }
    #expect(port?.message.contains("the memory port gives no words") == true)
  }

  @Test func impossibleProblemsAreRefused() {
    let option = ExplorationProblem.Option(cycles: 1, resources: .zero, input: 2)
    let link = InterfaceLink(outputs: 1, inputs: 2) { _, _ in .zero }
    let first = ExplorationProblem.Stage(name: "first", options: [option])
    let faults: [(ExplorationProblem.Stage, String)] = [
      (ExplorationProblem.Stage(name: "a", options: []), "has no option"),
      (ExplorationProblem.Stage(name: "a", options: [option], predecessor: 1), "does not come before it"),
      (ExplorationProblem.Stage(name: "a", options: [option], branch: 3), "is in branch 3, but there are 1"),
      (ExplorationProblem.Stage(name: "a", options: [option], link: link), "has a link but reads from no stage"),
      (ExplorationProblem.Stage(name: "a", options: [option], predecessor: 0, link: link), "not among the 2"),
    ]
    for (stage, text) in faults {
      let error = #expect(throws: ExplorationError.self) { try ExplorationProblem(stages: [first, stage]) }
      #expect(error?.message.contains(text) == true && error?.message.contains("'a'") == true)
    }
  }

  @Test func theResourceThatCountsFirstIsBroughtDownFirst() throws {
    for seed in 300..<340 as Range<UInt64> {
      let random = try RandomProblem(seed: seed, size: .small)
      let ties: [Resource] = [.lut, .dsp]
      let found = try? ExactSearch(random.problem, budget: random.budget, ties: ties).run()
      let expected = Enumeration(random.problem, budget: random.budget).best(ties: ties)
      #expect(found?.plan.figures(ties) == expected, "seed \(seed)")
    }
  }
}
