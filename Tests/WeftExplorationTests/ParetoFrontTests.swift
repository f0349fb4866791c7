import Testing
import WeftExploration

@Suite struct ParetoFrontTests {
  @Test(arguments: 0..<30 as Range<UInt64>) func aFineSweepIsTheWholeFront(seed: UInt64) throws {
    let random = try RandomProblem(seed: seed, size: .small)
    let all = Enumeration(random.problem, budget: random.budget).plans
    for resource in [Resource.dsp, .ramb18] {
      let front = try? ParetoFront.sweep(random.problem, budget: random.budget, resource: resource, points: 4000)
      let expected = all.filter { plan in
        !all.contains { other in
          let (a, b) = (plan.figures([resource]), other.figures([resource]))
          return a != b && b[0] <= a[0] && b[1] <= a[1]
        }
      }
      let figures = front?.plans.map { $0.plan.figures([resource]) } ?? []
      #expect(Set(figures) == Set(expected.map { $0.figures([resource]) }), "seed \(seed), \(resource)")
    }
  }

  @Test func bandwidthBuysCycles() throws {
    let random = try RandomProblem(seed: 6, size: .large)
    var parts: [Double] = []
    let budget = Budget(dsp: random.budget.dsp, memoryWordsPerCycle: 1)
    let front = try ParetoFront.sweep(random.problem, budget: budget, resource: .memoryWords, points: 6) {
      parts.append($0)
    }
    #expect(front.plans.count > 1)
    #expect(parts == parts.sorted() && parts.last == 1)
    for (wider, narrower) in zip(front.plans, front.plans.dropFirst()) {
      #expect(wider.plan.cycles < narrower.plan.cycles)
      let rates = [wider, narrower].map { Double($0.plan.resources.memoryWords) / Double($0.plan.cycles) }
      #expect(rates[0] > rates[1])
    }
  }
}
