import Testing
import Weft
import WeftSimulation

/// Twenty terms, signals and literals mixed: `scripts/typecheck` shows that the compiler is quick about them.
private struct TermChain: Module {
  var a: Unsigned { input(.unsigned(8)) }
  var b: Unsigned { input(.unsigned(8)) }
  var sum: Unsigned { output(.unsigned(27)) }

  var body: Circuit {
    sum <== a + 1 + b + 2 + a + 3 + b + 4 + a + 5 + b + 6 + a + 7 + b + 8 + a + 9 + b + 10
  }
}

@Suite struct TermChainTests {
  @Test func aChainOfTwentyTermsAddsThemAll() throws {
    let sim = try Simulation(TermChain())
    sim.a = 10
    sim.b = 200
    #expect(sim.sum == 5 * 10 + 5 * 200 + 55)
  }
}
