import Foundation
import Testing
import Weft
import WeftSimulation

extension Domain {
  static let pixel = Domain(clock: "pixelClock", reset: "pixelReset")
  static let audio = Domain(clock: "audioClock", edge: .falling, reset: "audioReset")
}

/// A counter in each of three domains, and registers of two domains that take each other's value.
struct ThreeClocks: Module {
  var counts: Vector<Unsigned> { output(.vector(3, of: .unsigned(16))) }
  var exchanged: Vector<Unsigned> { output(.vector(2, of: .unsigned(4))) }

  var mainCount: Unsigned { register(.unsigned(16)) }
  var pixelCount: Unsigned { register(.unsigned(16), domain: .pixel) }
  var audioCount: Unsigned { register(.unsigned(16), domain: .audio) }
  var left: Unsigned { register(.unsigned(4), reset: 1, samples: .pixel) }
  var right: Unsigned { register(.unsigned(4), reset: 2, domain: .pixel, samples: .main) }

  var body: Circuit {
    mainCount <== mainCount &+ 1
    pixelCount <== pixelCount &+ 1
    audioCount <== audioCount &+ 1
    left <== right
    right <== left
    counts[0] <== mainCount
    counts[1] <== pixelCount
    counts[2] <== audioCount
    exchanged[0] <== left
    exchanged[1] <== right
  }
}

@Suite struct ClockTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("weft-clocks-\(UUID().uuidString)")

  @Test func timesAreExactFractions() {
    #expect(Time.period(megahertz: 297, over: 2) == .nanoseconds(2000, over: 297))
    #expect(Time.nanoseconds(40, over: 3) * 3 == .nanoseconds(40))
    #expect(Time.nanoseconds(1, over: 3) + .nanoseconds(1, over: 6) == .picoseconds(500))
    #expect(Time.nanoseconds(40, over: 3).picoseconds == 13_333)
    #expect(Time.microseconds(1) - .nanoseconds(1) > .nanoseconds(998))
    #expect("\(Time.nanoseconds(6, over: 4))" == "3/2 ns")
  }

  /// Edges at 3.5 + 7k, 1 + 40/3 k and, falling, 5 + 2.5 + 5k.
  @Test(arguments: [EngineKind.interpreter, .verilator(VerilatorOptions(keepsInternals: true, waves: .vcd))])
  func clocksTickAtTheirTimes(engine: EngineKind) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let sim = try Simulation(ThreeClocks(), engine: engine)
    let file = folder.appendingPathComponent("waves.vcd").path
    try sim.engine.startTrace(to: file)
    sim.clock(.main, period: .nanoseconds(7))
    sim.clock(.pixel, period: .nanoseconds(40, over: 3), phase: .nanoseconds(1))
    sim.clock(.audio, period: .nanoseconds(5), phase: .nanoseconds(5))
    sim.run(for: .nanoseconds(100))
    #expect(sim.counts == [14, 8, 19])
    #expect(sim.engine.cycle == 14)
    sim.run(for: .nanoseconds(3, over: 4))
    #expect(sim.counts == [14, 8, 19])
    sim.run(for: .nanoseconds(3, over: 4))
    #expect(sim.time == .nanoseconds(203, over: 2))
    #expect(sim.counts == [15, 8, 19], "the end belongs to a run")
    sim.step(2, of: .pixel)
    #expect(sim.counts == [18, 10, 25])
    sim.step()
    #expect(sim.counts == [19, 11, 26])
    try sim.engine.stopTrace()

    let waves = try ValueChangeDump(contentsOfFile: file)
    let edges = { (clock: String, level: String) in
      let name = waves.changes.keys.first { $0.hasSuffix("ThreeClocks.\(clock)") } ?? ""
      return waves.changes[name]?.filter { $0.bits == level }.map(\.time).prefix(4)
    }
    #expect(edges("clock", "1") == [3500, 10500, 17500, 24500])
    #expect(edges("pixelClock", "1") == [1000, 14333, 27666, 41000])
    #expect(edges("audioClock", "0") == [0, 7500, 12500, 17500])
  }

  /// Clocks of the same times act at once: each register takes what the other held before.
  @Test(arguments: [EngineKind.interpreter, .verilator])
  func edgesAtOneTimeActAtOnce(engine: EngineKind) throws {
    let sim = try Simulation(ThreeClocks(), engine: engine)
    #expect(sim.exchanged == [1, 2])
    sim.clock(.pixel, period: .nanoseconds(20), phase: .nanoseconds(5))
    sim.step()
    #expect(sim.exchanged == [2, 1])
    sim.step()
    #expect(sim.exchanged == [1, 1], "the pixel clock ticks half as often")
    sim.step()
    #expect(sim.exchanged == [1, 1])
    #expect(sim.counts == [3, 2, 0], "a clock that was given no period stands still")
  }

  @Test func aMainClockOfAnotherPeriodIsStillStepped() throws {
    let sim = try Simulation(ProcessingElement(lanes: 1))
    sim.clock(.main, period: .nanoseconds(10, over: 3))
    sim.enable = 1
    sim.activations = [1]
    sim.weights = [1]
    sim.step(3)
    #expect(sim.sum == 3 && sim.time == .nanoseconds(10))
    sim.run(for: .nanoseconds(2))
    #expect(sim.sum == 4 && sim.engine.cycle == 4, "the clock rose at 11.67 ns")
    sim.step()
    #expect(sim.sum == 5 && sim.time == .nanoseconds(46, over: 3))
    sim.run(for: .nanoseconds(0))
    #expect(sim.sum == 5)
  }
}
