import Testing
import WeftExploration

@Suite struct PublishedSearchTests {
  @Test func equalSeedsFindEqualPlans() throws {
    let random = try RandomProblem(seed: 4, size: .large)
    let first = try PublishedSearch(random.problem, budget: random.budget, seed: 9, candidates: 40).run()
    let second = try PublishedSearch(random.problem, budget: random.budget, seed: 9, candidates: 40).run()
    #expect(first == second)
  }

  @Test func moreIterationsAreNeverWorse() throws {
    let random = try RandomProblem(seed: 8, size: .large)
    var history: [Double] = []
    let found = try PublishedSearch(random.problem, budget: random.budget, seed: 2, candidates: 20).run {
      #expect($0 == history.count + 1)
      history.append($1)
    }
    #expect(history.count == 20)
    #expect(history == history.sorted())
    #expect(history.last == found.fitness)
  }

  /// One branch, parallelism in powers of two: doubling the slowest stage finds the best plan.
  @Test func aSingleBranchIsDoubledUntilTheBudgetEnds() throws {
    let stages = [6400, 1600].enumerated().map { index, work in
      ExplorationProblem.Stage(
        name: "stage\(index)",
        options: (0...6).map { ExplorationProblem.Option(cycles: work >> $0, resources: Resources(dsp: 1 << $0)) },
        predecessor: index == 0 ? nil : 0)
    }
    let problem = try ExplorationProblem(stages: stages)
    let found = try PublishedSearch(problem, budget: Budget(dsp: 25), clock: 1e6, candidates: 3).run()
    // 16 for the first, then 4 for the second; doubling the first again would take 36.
    #expect(found.plan.resources.dsp == 20)
    #expect(found.plan.cycles == 400)
    #expect(found.framesPerSecond == [2500])
    #expect(found.fitness == 2500)
  }

  @Test func priorityAndVarianceMakeTheFitness() throws {
    let options = [ExplorationProblem.Option(cycles: 100, resources: Resources(dsp: 1))]
    let slower = [ExplorationProblem.Option(cycles: 200, resources: Resources(dsp: 1))]
    let problem = try ExplorationProblem(
      stages: [
        ExplorationProblem.Stage(name: "a", options: options, branch: 0),
        ExplorationProblem.Stage(name: "b", options: slower, predecessor: 0, branch: 1),
      ],
      branches: [
        ExplorationProblem.Branch(name: "a", priority: 2), ExplorationProblem.Branch(name: "b", priority: 3),
      ])
    let found = try PublishedSearch(problem, budget: Budget(), clock: 2000, candidates: 1, alpha: 0.5).run()
    #expect(found.framesPerSecond == [20, 10])
    // Twice 20 and three times 10, less half the variance, which is 25.
    #expect(found.fitness == 57.5)
  }

  @Test func whatDoesNotFitIsSaid() throws {
    let option = ExplorationProblem.Option(cycles: 100, resources: Resources(dsp: 2))
    let problem = try ExplorationProblem(stages: [ExplorationProblem.Stage(name: "a", options: [option])])
    let error = #expect(throws: ExplorationError.self) {
      try PublishedSearch(problem, budget: Budget(dsp: 1)).run()
    }
    #expect(error?.message.contains("no plan fits") == true)
  }
}
