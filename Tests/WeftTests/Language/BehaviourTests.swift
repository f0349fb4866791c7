import Testing
import Weft
import WeftSimulation

/// A value that arrives three edges later, through registers that a reset clears and through others; and one that is
/// put together first.
private struct Delays: Module {
  var value: Bits { input(.bits(4)) }
  var cleared: Bits { output(.bits(4)) }
  var kept: Bits { output(.bits(4)) }
  var turned: Bits { output(.bits(4)) }

  var body: Circuit {
    cleared <== value.delayed(by: 3, resets: true, named: "cleared")
    kept <== value.delayed(by: 3, named: "kept")
    turned <== concatenate(value[0..<2], value[2..<4]).delayed(by: 1)
  }
}

@Suite struct BehaviourTests {
  @Test func delayedValuesArrive() throws {
    let sim = try Simulation(Delays())
    sim.value = 9
    sim.step()
    #expect(sim.turned == 6)
    sim.value = 5
    sim.step(2)
    #expect(sim.cleared == 9 && sim.kept == 9)
    sim.reset()
    #expect(sim.cleared == 0 && sim.kept != 0)
  }

  @Test func processingElementAccumulates() throws {
    let sim = try Simulation(ProcessingElement(lanes: 4))
    sim.enable = 1
    sim.activations = [1, 2, 3, 4]
    sim.weights = [5, -6, 7, 8]
    sim.step()
    #expect(sim.dotProduct == 46)
    #expect(sim.sum == 46)
    sim.step()
    #expect(sim.sum == 92)
    sim.clear = 1
    sim.step()
    #expect(sim.sum == 46)
    sim.enable = 0
    sim.step(5)
    #expect(sim.sum == 46)
  }

  @Test func sequencerRuns() throws {
    let sim = try Simulation(Sequencer())
    sim.reset()
    #expect(sim.phase == .idle)
    #expect(sim.isBusy == 0)
    sim.go = 1
    sim.step()
    #expect(sim.phase == .load)
    sim.go = 0
    sim.step(4)
    #expect(sim[\.step].value == 3)
    #expect(sim.word == 4 - 100)
    sim.step(7)
    #expect(sim.phase == .idle)
  }

  @Test func bundlesPassThrough() throws {
    let sim = try Simulation(ColourSwap())
    sim[\.line[2].green].value = 77
    sim.chosen = 2
    #expect(sim[\.picked.green].value == 77)
  }

  @Test func adderTreeAdds() throws {
    let sim = try Simulation(AdderTree(inputs: 7))
    sim.terms = [1, 2, 3, 4, 5, 6, -128]
    #expect(sim.sum == -107)
  }
}
