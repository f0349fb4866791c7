import Testing
import Weft
import WeftLint
import WeftSimulation
import WeftStreams

extension Domain {
  static let board = Domain(clock: "clock", reset: "button", resetKind: .asynchronous, isResetActiveHigh: false)
}

struct CycleCounter: Module {
  var count: Unsigned { output(.unsigned(8)) }
  var cycles: Unsigned { register(.unsigned(8), reset: 0) }
  var body: Circuit {
    cycles <== cycles &+ 1
    count <== cycles
  }
}

struct Board: Module {
  var synchroniser: Instance<ResetSynchroniser> { instance(ResetSynchroniser(.board)) }
  var core: Instance<CycleCounter> { instance(CycleCounter()) }
  var count: Unsigned { output(.unsigned(8)) }
  var body: Circuit {
    core[.main].reset <== synchroniser.isReset
    count <== core.count
  }
}

struct PixelClocks: BlackBox {
  var verilogName: String? { "PIXEL_PLL" }
  var reference: Bit { input(.bit, named: "REF") }
  var pixel: Bit { output(.bit, named: "PIX") }
  var isLocked: Bit { output(.bit, named: "LOCKED") }
  var body: Circuit { ports(reference, pixel, isLocked) }
}

struct Screen: Module {
  var pin: Bit { input(.bit) }
  var clocks: Instance<PixelClocks> { instance(PixelClocks()) }
  var synchroniser: Instance<ResetSynchroniser> { instance(ResetSynchroniser(.board)) }
  var lines: Instance<CycleCounter> { instance(CycleCounter()) }
  var line: Unsigned { output(.unsigned(8)) }
  var body: Circuit {
    clocks.reference <== pin
    synchroniser[.board].clock <== clocks.pixel
    synchroniser[.board].reset <== !clocks.isLocked
    lines[.main].clock <== clocks.pixel
    lines[.main].reset <== synchroniser.isReset
    line <== lines.count
  }
}

/// Counts in a domain whose reset acts at once, while it is zero.
private struct InstantCounter: Module {
  static let domain = Domain(clock: "clock", reset: "clear_n", resetKind: .asynchronous, isResetActiveHigh: false)
  var count: Unsigned { output(.unsigned(8)) }
  var cycles: Unsigned { register(.unsigned(8), reset: 0, domain: Self.domain) }
  var body: Circuit {
    cycles <== cycles &+ 1
    count <== cycles
  }
}

/// Two counters whose resets the design computes, of a kind and level of their own, and one with a clock from a pin.
private struct Resetting: Module {
  var limit: Unsigned { input(.unsigned(8)) }
  var pin: Bit { input(.bit) }
  var isOver: Bit { register(.bit, reset: 0) }
  var early: Instance<InstantCounter> { instance(InstantCounter()) }
  var late: Instance<CycleCounter> { instance(CycleCounter()) }
  var pinned: Instance<CycleCounter> { instance(CycleCounter()) }
  var counts: Vector<Unsigned> { output(.vector(3, of: .unsigned(8))) }
  var body: Circuit {
    isOver <== early.count >= limit
    early[InstantCounter.domain].reset <== isOver
    late[.main].reset <== isOver | (late.count == 13)
    pinned[.main].clock <== pin
    pinned[.main].reset <== 0
    counts[0] <== early.count
    counts[1] <== late.count
    counts[2] <== pinned.count
    Assert(early.count <= limit + 1, "the early counter is held")
    Assert(late.count <= 13, "the late counter is held")
  }
}

@Suite struct InstanceDomainTests {
  @Test func resetsAreConnectedInVerilog() throws {
    let design = try Design(Board())
    let text = try #require(design.verilog().modules.last?.contents)
    #expect(text.contains("module Board (\n  input clock,\n  input button,\n  output [7:0] count\n);"), "\(text)")
    #expect(
      text.contains(
        """
          CycleCounter core (
            .clock(clock),
            .reset(synchroniser_isReset),
            .count(core_count)
          );
        """), "\(text)")
    let complaints = try LintTools.complaints(about: design)
    #expect(complaints.isEmpty, "\(complaints)")
  }

  @Test func clocksAreConnectedInVerilog() throws {
    let text = try #require(try Design(Screen()).verilog().modules.last?.contents)
    #expect(text.contains("module Screen (\n  input pin,\n  output [7:0] line\n);"))
    #expect(text.contains(".clock(clocks_PIX),\n    .button(~synchroniser_button_active),"), "\(text)")
    #expect(text.contains(".clock(clocks_PIX),\n    .reset(synchroniser_isReset),"), "\(text)")
  }

  @Test(arguments: [EngineKind.interpreter, .verilator])
  func aButtonResetsTheWholeCore(engine: EngineKind) throws {
    let sim = try Simulation(Board(), engine: engine)
    let button = try #require(sim.engine.storage(ofPort: "button"))
    var counts: [Int] = []
    func run(_ cycles: Int) {
      for _ in 0..<cycles {
        sim.step()
        counts.append(sim.count)
      }
    }
    run(6)
    button.unsignedValue = 0
    #expect(sim.count == 4)
    run(2)
    button.unsignedValue = 1
    run(5)
    #expect(counts == [0, 0, 1, 2, 3, 4, 0, 0, 0, 0, 1, 2, 3])
  }

  @Test func bothEnginesResetAlike() throws {
    var runs: [[[Int]]] = []
    for engine in [EngineKind.interpreter, .verilator] {
      let sim = try Simulation(Resetting(), engine: engine)
      var counts: [[Int]] = []
      sim.limit = 5
      for cycle in 0..<60 {
        if cycle == 40 { sim.limit = 20 }
        if cycle % 3 == 0 { sim.pin = 1 - sim.pin }
        counts.append(sim.counts)
        sim.step()
        counts.append(sim.counts)
      }
      #expect(sim.failures.isEmpty, "\(sim.failures)")
      runs.append(counts)
    }
    #expect(runs[0] == runs[1])
    let highest = (0..<3).map { place in runs[0].map { $0[place] }.max() }
    #expect(highest == [20, 13, 10], "\(highest)")
    // The early counter falls at the edge at which `isOver` rises, and stays while that is one.
    #expect(runs[0].prefix(18).map { $0[0] } == [0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 0, 0, 0, 0, 1, 1, 2], "\(runs[0])")
  }

  @Test(arguments: [EngineKind.interpreter, .verilator]) func aPinTicks(engine: EngineKind) throws {
    let sim = try Simulation(Resetting(), engine: engine)
    sim.clock(.main, period: .nanoseconds(10))
    sim.clock(Domain(clock: "pin", reset: ""), period: .nanoseconds(7))
    sim.run(for: .nanoseconds(70))
    #expect(sim.counts[2] == 10)
  }

  @Test func clocksOfBlackBoxesAreRefusedByTheInterpreter() {
    let error = #expect(throws: SimulationError.self) { try Simulation(ScreenModel()) }
    #expect(
      error?.description == "the clock `lines.clock` of ScreenModel() is made inside the design, where the interpreter "
        + "sees no edges; run it with Verilator, or let the black box that makes it have a model that passes on an "
        + "input of the top module")
  }
}

/// A gate of a clock, with a model.
private struct ClockGate: BlackBox {
  var verilogName: String? { "CLOCK_GATE" }
  var clock: Bit { input(.bit, named: "CLK") }
  var enable: Bit { input(.bit, named: "EN") }
  var gated: Bit { output(.bit, named: "Q") }
  var body: Circuit { gated <== clock & enable }
}

private struct ScreenModel: Module {
  var pin: Bit { input(.bit) }
  var gate: Instance<ClockGate> { instance(ClockGate()) }
  var lines: Instance<CycleCounter> { instance(CycleCounter()) }
  var line: Unsigned { output(.unsigned(8)) }
  var body: Circuit {
    gate.clock <== pin
    gate.enable <== 1
    lines[.main].clock <== gate.gated
    lines[.main].reset <== 0
    line <== lines.count
  }
}
