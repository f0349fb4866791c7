import Foundation
import Testing
import WeftExploration

@Suite struct CertificateTests {
  /// Problems whose certificates have several steps.
  private static func proven(_ seeds: Range<UInt64>) throws -> [(RandomProblem, ExactPlan)] {
    try seeds.compactMap { seed in
      let random = try RandomProblem(seed: seed, size: .large)
      return (try? ExactSearch(random.problem, budget: random.budget).run()).map { (random, $0) }
    }
  }

  @Test func aWorsePlanIsNotProvenBest() throws {
    var refused = 0
    for (random, best) in try Self.proven(0..<20) {
      // The best under a tighter budget, passed off as the best under the whole one.
      var tighter = random.budget
      tighter.dsp = best.plan.resources.dsp - 1
      guard let worse = try? ExactSearch(random.problem, budget: tighter).run(),
        worse.plan.cycles > best.plan.cycles
      else { continue }
      #expect(throws: ExplorationError.self, "seed \(random.seed)") {
        try worse.certificate.check(worse.plan, problem: random.problem, budget: random.budget)
      }
      refused += 1
    }
    #expect(refused > 3)
  }

  @Test func everyClaimNeedsItsProof() throws {
    var refused = 0
    for (random, best) in try Self.proven(0..<20) {
      for index in best.certificate.claims.indices where best.certificate.claims[index].refutation.steps > 0 {
        var broken = best.certificate
        broken.claims[index].refutation = Refutation()
        #expect(throws: ExplorationError.self, "seed \(random.seed), claim \(index)") {
          try broken.check(best.plan, problem: random.problem, budget: random.budget)
        }
        refused += 1
      }
    }
    #expect(refused > 20)
  }

  @Test func pricesThatProveTooMuchAreRefused() throws {
    let (random, best) = try #require(Self.proven(1..<2).first)
    for price in [-1, Int.max, Int.min] {
      var broken = best.certificate
      broken.claims[0].refutation = Refutation()
      broken.claims[0].refutation.prices = [Resources(dsp: price, ramb18: price, lut: price, memoryWords: price)]
      let error = #expect(throws: ExplorationError.self) {
        try broken.check(best.plan, problem: random.problem, budget: random.budget)
      }
      #expect(error?.message.contains("does not show that fewer than \(best.plan.cycles) of 'cycles'") == true)
    }
  }

  @Test func figuresThatThePlanDoesNotHaveAreRefused() throws {
    let (random, best) = try #require(Self.proven(1..<2).first)
    var faster = best.plan
    faster.cycles -= 1
    #expect(throws: ExplorationError.self) {
      try best.certificate.check(faster, problem: random.problem, budget: random.budget)
    }
    var lower = best.certificate
    lower.claims[0].value -= 1
    #expect(throws: ExplorationError.self) {
      try lower.check(best.plan, problem: random.problem, budget: random.budget)
    }
    #expect(throws: ExplorationError.self) {
      try Certificate(claims: []).check(best.plan, problem: random.problem, budget: random.budget)
    }
  }

  @Test func certificatesSurviveBeingWritten() throws {
    for (random, best) in try Self.proven(0..<4) {
      let read = try JSONDecoder().decode(ExactPlan.self, from: JSONEncoder().encode(best))
      #expect(read == best)
      try read.certificate.check(read.plan, problem: random.problem, budget: random.budget)
    }
  }
}
