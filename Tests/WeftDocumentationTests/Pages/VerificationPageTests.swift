import Foundation
import Testing
import Weft
import WeftFormal
import WeftSimulation

struct Saturating: Module {
  var stop = 5

  var up: Bit { input(.bit) }
  var count: Unsigned { output(.unsigned(4)) }
  var value: Unsigned { register(.unsigned(4), reset: 0) }

  var body: Circuit {
    When(up & (value != Unsigned(stop))) { value <== value &+ 1 }
    count <== value
    Assert(value <= 5, "the counter stays within its limit")
    When(up) { Assert(value.past() <= value, "it never sinks") }
    Assume(!up.held(for: 10), "nobody counts up ten times in a row")
    Cover(value == 5, "the limit is reached")
  }
}

/// Counts what is in a queue, and claims for proofs that it never has more than its places.
private struct Occupancy: Module {
  var depth = 3

  var enters: Bit { input(.bit) }
  var isFull: Bit { output(.bit) }
  var occupancy: Unsigned { register(.unsigned(4), reset: 0) }

  var body: Circuit {
    isFull <== occupancy == Unsigned(depth)
    When(enters & !isFull) { occupancy <== occupancy &+ 1 }
  }

  public var invariants: Circuit {
    Assert(occupancy <= Unsigned(depth), "the queue holds at most what it has places for")
  }
}

/// What the pages about verification show.
@Suite struct VerificationPageTests {
  @Test func propertiesAreCheckedInASimulation() throws {
    let sim = try Simulation(Saturating())
    sim.onFailure = { Issue.record($0) }
    sim.up = 1
    sim.step(8)
    #expect(sim.failures.isEmpty)
    #expect(sim.covers.map(\.count) == [3])
  }

  @Test func staysWithinItsLimit() throws {
    try prove(Saturating())
    try prove(Saturating(), by: .bounded(20))
    try prove(Saturating(), by: .induction(3), using: Solver(.z3, limit: 300))
    try prove(Saturating(), by: .induction(4, distinctStates: true))
    try prove(Saturating(), resets: .anyTime)
  }

  @Test func counterexampleIsReplayed() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("weft-\(UUID().uuidString).vcd").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let simulation = try Simulation(Saturating(stop: 9))
    simulation.onFailure = { _ in }
    let found = try #require(throws: Counterexample.self) { try prove(Saturating(stop: 9)) }
    #expect(found.trace.replay().monitor?.failures.count == 1)   // on the interpreter
    found.trace.replay(on: simulation.engine)                    // on any engine of the module
    try found.trace.writeWaves(to: path)
    print(found.trace.waveform.text())
    #expect(FileManager.default.fileExists(atPath: path))
  }

  @Test func invariantsAreProved() throws { try prove(Occupancy()) }
}
