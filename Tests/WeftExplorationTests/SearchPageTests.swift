import Testing
import WeftExploration

/// The example of the page on design-space exploration.
@Suite struct SearchPageTests {
  @Test func theFiguresAreThoseOfThePage() throws {
    // A convolution by 1 to 8 lanes, and a head of a quarter of its work that reads one or two values at a time.
    let body = ExplorationProblem.Stage(
      name: "body",
      options: (1...8).map { lanes in
        ExplorationProblem.Option(
          cycles: 840_000 / lanes, resources: Resources(dsp: lanes, ramb18: 4 + lanes / 2, lut: 90 * lanes),
          output: lanes % 2, configuration: lanes)
      })
    let head = ExplorationProblem.Stage(
      name: "head",
      options: (1...2).map { lanes in
        ExplorationProblem.Option(
          cycles: 200_000 / lanes, resources: Resources(dsp: lanes, lut: 60, memoryWords: 50_000), input: lanes - 1)
      },
      predecessor: 0,
      link: InterfaceLink(outputs: 2, inputs: 2) { emitted, read in Resources(ramb18: emitted == read ? 3 : 1) })
    let problem = try ExplorationProblem(stages: [body, head])

    let budget = Budget(dsp: 8, ramb18: 10, memoryWordsPerCycle: 1)
    let best = try ExactSearch(problem, budget: budget).run()
    try best.certificate.check(best.plan, problem: problem, budget: budget)
    #expect(best.plan.figures([.dsp, .ramb18]) == [140_000, 8, 8])
    #expect(best.certificate.bound == 140_000)

    let front = try ParetoFront.sweep(problem, budget: budget, resource: .dsp, points: 8)
    #expect(front.plans.prefix(3).map { $0.plan.figures([.dsp]) } == [[140_000, 8], [168_000, 7], [200_000, 6]])

    let published = try PublishedSearch(problem, budget: budget, seed: 1).run()
    #expect(published.plan.cycles == 210_000)
  }
}
