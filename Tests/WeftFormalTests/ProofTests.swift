import Foundation
import Testing
import Weft
import WeftFormal
import WeftSimulation

@Suite struct ProofTests {
  @Test func whatHoldsIsProved() throws {
    let proof = try prove(Saturating())
    #expect(proof.assertions.map(\.property.sentence) == ["the counter stays within its limit"])
    #expect(proof.method == .induction(1))
    try prove(Saturating(), by: .bounded(10))
  }

  @Test func resetsFromSignalsAct() throws {
    let proof = try prove(Restarting(), by: .induction(2))
    #expect(proof.assertions.count == 2)
    let found = try #require(throws: Counterexample.self) { try prove(Restarting(limit: 9), by: .bounded(15)) }
    #expect(found.trace.replay().monitor?.failures.map(\.cycle) == [10])
    let sim = try Simulation(Restarting())
    sim.step(40)
    #expect(sim.failures.isEmpty)
  }

  @Test func clocksFromSignalsAreRefused() throws {
    let error = #expect(throws: FormalError.self) { try prove(Pinned()) }
    #expect(
      error?.message == "`counter.clock` of Pinned() is given a signal, but a proof knows the edges of ports alone; "
        + "prove the module of that instance by itself, or give it a synchronous reset")
  }

  @Test func aCounterexampleIsShortestAndReplays() throws {
    let found = try #require(throws: Counterexample.self) { try prove(Saturating(stop: 9), by: .bounded(20)) }
    #expect(found.isReachable)
    #expect(found.property.property.sentence == "the counter stays within its limit")
    let lines = found.trace.waveform.text().split(separator: "\n")
    #expect(lines[0] == "cycle  0   1   2   3   4   5   6")
    // At the last step the input no longer matters.
    #expect(lines[1].hasPrefix("up     ‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾"))
    #expect(lines[2] == "value  |0  |1  |2  |3  |4  |5  |6")
    #expect("\(found)".hasPrefix("WeftFormalTests/Samples.swift:16: error: assertion fails at step 6: "))
    let engine = found.trace.replay()
    #expect(engine.monitor?.failures.map(\.cycle) == [6])

    let simulation = try Simulation(Saturating(stop: 9))
    simulation.onFailure = { _ in }
    found.trace.replay(on: simulation.engine)
    #expect(simulation.failures.count == 1)
    #expect(simulation.count >= 6)
  }

  @Test func aCounterexampleIsWrittenAsWaves() throws {
    let found = try #require(throws: Counterexample.self) { try prove(Saturating(stop: 9)) }
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("weft-\(UUID().uuidString).vcd").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try found.trace.writeWaves(to: path)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text.contains("$var wire 4") && text.contains(" value [3:0] $end"))
  }

  @Test func whatDoesNotFollowByInductionSaysSo() throws {
    /// The value 7 and what leads to it are out of reach, which one step of induction does not see.
    struct Jumper: Module {
      var value: Unsigned { register(.unsigned(3), reset: 0) }
      var shown: Unsigned { output(.unsigned(3)) }
      var body: Circuit {
        value <== (value == 3).select(0, else: value &+ 1)
        shown <== value
        Assert(value != 7, "seven is never reached")
      }
    }
    let found = try #require(throws: Counterexample.self) { try prove(Jumper(), by: .induction(1)) }
    #expect(!found.isReachable)
    #expect("\(found)".contains("is not proved by induction over 1 step: seven is never reached."))
    #expect(found.trace.registers?["value"]?.unsignedValue == 6)
    #expect(found.trace.replay().monitor?.failures.map(\.cycle) == [1])
    try prove(Jumper(), by: .induction(4))
  }

  @Test func memoriesAreProved() throws {
    try prove(Notebook(), by: .bounded(6))
    let found = try #require(throws: Counterexample.self) { try prove(Notebook(isBroken: true), by: .bounded(8)) }
    #expect(found.trace.steps.count == 3)
    #expect(found.trace.replay().monitor?.failures.count == 1)
  }

  @Test func everyOrderOfClockEdgesIsTried() throws {
    let found = try #require(throws: Counterexample.self) { try prove(TwoClocks(), by: .bounded(8)) }
    // The slow clock may move at the first step, at which there is nothing to take.
    let clocks = found.trace.steps.compactMap(\.clocks)
    #expect(clocks.count == 4 && clocks[0].contains("fast") && clocks[1...2] == [["fast"], ["fast"]])
    #expect(found.trace.replay().monitor?.failures.map(\.property) == [found.property])
  }

  @Test func bothEdgesOfAClockAreSteps() throws {
    struct BothEdges: Module {
      static let down = Domain(clock: "clock", edge: .falling, reset: "reset")
      var broken = false
      var a: Unsigned { register(.unsigned(2), reset: 0) }
      var b: Unsigned { register(.unsigned(2), reset: 0, domain: Self.down) }
      var same: Bit { output(.bit) }
      var body: Circuit {
        a <== a &+ 1
        b <== b &+ 1
        same <== a == b
        Assert(a == b, "at a rising edge both have counted as often")
        Assert(a == (broken ? b : b &+ 1), "at a falling edge the first is ahead", domain: Self.down)
      }
    }
    try prove(BothEdges(), by: .bounded(9))
    let found = try #require(throws: Counterexample.self) { try prove(BothEdges(broken: true), by: .bounded(9)) }
    #expect(found.property.property.domain == BothEdges.down)
  }

  @Test func assumptionsThatContradictEachOtherProveNothing() {
    struct Impossible: Module {
      var a: Bit { input(.bit) }
      var body: Circuit {
        Assume(a, "the input is one")
        Assume(!a, "the input is zero")
        Assert(0, "anything")
      }
    }
    let error = #expect(throws: FormalError.self) { try prove(Impossible()) }
    #expect(error?.message.contains("no run of 1 steps keeps to the assumptions of Impossible()") == true)
  }

  @Test func assumptionsConfineTheInputs() throws {
    struct Adder: Module {
      var isConfined = true
      var a: Unsigned { input(.unsigned(4)) }
      var b: Unsigned { input(.unsigned(4)) }
      var sum: Unsigned { output(.unsigned(4)) }
      var body: Circuit {
        sum <== a &+ b
        if isConfined {
          Assume(a < 8, "a is small")
          Assume(b < 8, "b is small")
        }
        Assert(sum >= a, "the sum does not wrap")
      }
    }
    try prove(Adder())
    #expect(throws: Counterexample.self) { try prove(Adder(isConfined: false)) }
  }

  @Test func coversComeWithTheirRuns() throws {
    let found = try findCovers(Saturating(), within: 10)
    #expect(found.map(\.property.property.sentence) == ["the limit is reached"])
    #expect(found[0].trace?.steps.count == 6)
    #expect(found[0].trace?.replay().monitor?.covers.map(\.count) == [1])
    #expect(try findCovers(Saturating(stop: 4), within: 10)[0].trace == nil)
  }

  @Test func nothingToProveIsAnError() {
    struct Plain: Module {
      var a: Bit { input(.bit) }
      var b: Bit { output(.bit) }
      var body: Circuit { b <== !a }
    }
    let error = #expect(throws: FormalError.self) { try prove(Plain()) }
    #expect(error?.message == "Plain() has no assertion to prove; `Assert` makes one")
  }

  @Test func aMissingSolverIsNamedWithItsPackage() {
    let error = #expect(throws: FormalError.self) { try prove(Saturating(), using: Solver(toolPath: "/nowhere")) }
    #expect(
      error?.message == "there is no solver for proofs; `scripts/setup` or `apt-get install z3` installs one")
  }

  @Test func questionsAreWrittenAsSMTLib() throws {
    #expect(
      try Design(Saturating()).smtLib(steps: 2) == """
        (set-option :produce-models true)
        (set-logic QF_BV)
        (declare-fun value@0 () (_ BitVec 4))
        (assert (= value@0 #x0))
        (declare-fun up@0 () (_ BitVec 1))
        (declare-fun $10@0 () (_ BitVec 1))
        (assert (= $10@0 (ite (bvult #x5 value@0) #b1 #b0)))
        (declare-fun $11@0 () (_ BitVec 1))
        (assert (= $11@0 (bvnot $10@0)))
        (declare-fun $8@0 () (_ BitVec 4))
        (assert (= $8@0 (bvadd value@0 #x1)))
        (declare-fun $4@0 () (_ BitVec 1))
        (assert (= $4@0 (ite (= value@0 #x5) #b1 #b0)))
        (declare-fun $5@0 () (_ BitVec 1))
        (assert (= $5@0 (bvnot $4@0)))
        (declare-fun $6@0 () (_ BitVec 1))
        (assert (= $6@0 (bvand up@0 $5@0)))
        (declare-fun $9@0 () (_ BitVec 4))
        (assert (= $9@0 (ite (= $6@0 #b1) $8@0 value@0)))
        (declare-fun $found@0 () (_ BitVec 1))
        (assert (= $found@0 (bvnot $11@0)))
        (declare-fun value@1 () (_ BitVec 4))
        (assert (= value@1 $9@0))
        (declare-fun up@1 () (_ BitVec 1))
        (declare-fun $10@1 () (_ BitVec 1))
        (assert (= $10@1 (ite (bvult #x5 value@1) #b1 #b0)))
        (declare-fun $11@1 () (_ BitVec 1))
        (assert (= $11@1 (bvnot $10@1)))
        (declare-fun $8@1 () (_ BitVec 4))
        (assert (= $8@1 (bvadd value@1 #x1)))
        (declare-fun $4@1 () (_ BitVec 1))
        (assert (= $4@1 (ite (= value@1 #x5) #b1 #b0)))
        (declare-fun $5@1 () (_ BitVec 1))
        (assert (= $5@1 (bvnot $4@1)))
        (declare-fun $6@1 () (_ BitVec 1))
        (assert (= $6@1 (bvand up@1 $5@1)))
        (declare-fun $9@1 () (_ BitVec 4))
        (assert (= $9@1 (ite (= $6@1 #b1) $8@1 value@1)))
        (declare-fun $found@1 () (_ BitVec 1))
        (assert (= $found@1 (bvnot $11@1)))
        (assert (or (= $found@0 #b1) (= $found@1 #b1)))
        (check-sat)
        (get-value (up@0 $found@0 up@1 $found@1))

        """)
  }
}
