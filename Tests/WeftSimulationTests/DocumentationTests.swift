import Foundation
import Testing
import Weft
import WeftSimulation

/// What the pages of `docs/simulation` show.
@Suite final class DocumentationTests {
  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("weft-docs-\(UUID().uuidString)").path

  init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  @Test func clocks() throws {
    let sim = try Simulation(ThreeClocks())
    sim.clock(.main, period: .nanoseconds(7))
    sim.clock(.pixel, period: .period(megahertz: 75), phase: .nanoseconds(1))
    sim.run(for: .nanoseconds(100))
    #expect(sim.counts == [14, 8, 0])
    sim.step(2, of: .pixel)
    #expect(sim.time == .nanoseconds(380, over: 3))
  }

  @Test func waveformText() throws {
    let sim = try Simulation(TrafficLight())
    let recording = sim.record(\.go, \.light, \.changes)
    for level in [0, 1, 1, 0, 0] {
      sim.go = level
      sim.step()
    }
    #expect(
      recording.waveform.text() == """
        cycle    0     1     2     3     4
        go       ______/‾‾‾‾‾‾‾‾‾‾‾\\___________
        light    |red        |green|amber|red
        changes  |-2         |-1   |0
        """)
  }

  @Test func waveFiles() throws {
    let traced = try Simulation(TrafficLight())
    try traced.engine.startTrace(to: folder + "/run.vcd")
    traced.step(20)
    try traced.engine.stopTrace()
    try GTKWaveFile(traced.engine.design, waves: folder + "/run.vcd").write(to: folder)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["run.Light.txt", "run.gtkw", "run.vcd"])
  }

  private func run(_ levels: [Int]) throws -> Coverage {
    let sim = try Simulation(Machine(), coverage: .all)
    sim.go = 1
    for level in levels {
      sim.level = level
      sim.step()
    }
    return sim.coverage
  }

  @Test func coverage() throws {
    let sim = try Simulation(Machine(), coverage: .all)
    sim.reset()
    sim.go = 1
    sim.level = 9
    sim.step(3)
    var total = sim.coverage
    total.merge(try run([0, 15, 0, 0]))
    try total.write(to: folder + "/coverage.json")
    print(total.report)
    #expect("\(total.heldStates)" == "4 of 4")
  }

  @Test func randomBeginnings() throws {
    for seed in 1...20 as ClosedRange<UInt64> {
      let sim = try Simulation(Remembered(), randomState: seed)
      sim.write = 1
      sim.step()
      #expect(sim.isKnown == 0, "seed \(seed)")
    }
  }

  @Test func checkpoints() throws {
    let long = try Simulation(ThreeClocks(), engine: .verilator(VerilatorOptions(keepsInternals: true)))
    long.step(10_000)
    let checkpoint = try long.checkpoint()
    try checkpoint.write(to: folder + "/checkpoint.json")
    let close = try Simulation(ThreeClocks())
    try close.restore(Checkpoint(contentsOf: folder + "/checkpoint.json"))
    #expect(close.counts == long.counts && close.time == .microseconds(100))
  }

  @Test func externalVerilog() throws {
    let folder = try GrayCounter.writeSources()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let sim = try Simulation(GrayCounter(folder: folder, start: 2), engine: .verilator)
    sim.enable = 1
    sim.step()
    #expect(sim.code == 2)
  }

  @Test func parallelBenches() throws {
    let sums = try runInParallel(1...8) { seed in
      let sim = try Simulation(ProcessingElement(lanes: 1), engine: .verilator)
      sim.enable = 1
      sim.activations = [seed]
      sim.weights = [seed]
      sim.step(100)
      return sim.sum
    }
    #expect(sums == (1...8).map { 100 * $0 * $0 })
  }
}
