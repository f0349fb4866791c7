import Testing
import Weft
import WeftLint
import WeftSimulation

/// A request and its answer, with what is claimed of them.
private struct Exchange: Module {
  var hasProperties = true
  var verilogName: String? { "Exchange" }

  var request: Bit { input(.bit) }
  var pause: Bit { input(.bit) }
  var answer: Bit { output(.bit) }
  var waiting: Unsigned { register(.unsigned(2), reset: 0) }
  var isOpen: Bit { register(.bit, reset: 0) }
  /// What only a property reads.
  var isPatient: Bit { wire(!isOpen | (waiting != 3)) }

  var body: Circuit {
    When(isOpen & !pause) {
      waiting <== waiting &+ 1
      When(waiting == 2) { isOpen <== 0 }
    } else: {
      When(request & !isOpen) {
        isOpen <== 1
        waiting <== 0
      }
    }
    answer <== isOpen & (waiting == 2)
    if hasProperties {
      Assert(isPatient, "nobody waits \"100%\" of the time")
      Assume(!pause.held(for: 3), "a pause ends")
      When(request) { Assert(!answer | isOpen, "an answer has its request") }
      Assert(isOpen.rose().leads(to: answer, within: 3), "an answer comes")
      Cover(answer, "an answer is given")
    }
  }
}

/// One property of each kind under every condition there is.
private struct Guarded: Module {
  var mode: Unsigned { input(.unsigned(2)) }
  var go: Bit { input(.bit) }
  var bad: Bit { input(.bit) }
  var echo: Bit { output(.bit) }

  var body: Circuit {
    echo <== bad
    When(go) { Assert(!bad, "good while it goes") } else: { Cover(bad, "bad while it rests") }
    Switch(mode) {
      Case(1, 2) { Assert(!bad, "good in modes 1 and 2") }
      Default { Cover(!bad, "good elsewhere") }
    }
  }
}

/// Two of the above, one inside the other.
private struct Outer: Module {
  var bad: Bit { input(.bit) }
  var inner: Instance<Guarded> { instance(Guarded()) }
  var echo: Bit { output(.bit) }
  var body: Circuit {
    inner.mode <== 1
    inner.go <== 1
    inner.bad <== bad
    echo <== inner.echo
    Assert(!bad.past(2), "never bad two edges ago")
  }
}

@Suite struct PropertyTests {
  @Test func boardsSeeNothingOfProperties() throws {
    let plain = try Design(Exchange(hasProperties: false)).verilog().modules.map(\.contents)
    let claimed = try Design(Exchange()).verilog().modules.map(\.contents)
    let code = { (text: String) in text.split(separator: "\n").dropFirst().joined(separator: "\n") }
    #expect(claimed.map(code) == plain.map(code))
  }

  @Test func verilogChecksPropertiesWhereItIsAsked() throws {
    let design = try Design(Guarded())
    let options = VerilogOptions(includesProperties: true)
    #expect(
      design.verilog(options).modules.last?.contents == """
        // Guarded()
        module Guarded (
          input clock,
          input [1:0] mode,
          input go,
          input bad,
          output echo
        );
          assign echo = bad;

          wire not_or_equal_mode_1_equal_mode_2 = ~((mode == 2'd1) | (mode == 2'd2));
        `ifndef SYNTHESIS
          always @(posedge clock) begin
            if (!(~go | ~bad)) begin
              $display("WeftTests/PropertyTests.swift:49: assertion failed: good while it goes (%m)");
            end
            if (!(not_or_equal_mode_1_equal_mode_2 | ~bad)) begin
              $display("WeftTests/PropertyTests.swift:51: assertion failed: good in modes 1 and 2 (%m)");
            end
          end
        `endif
        endmodule

        """)
    for module in [try Design(Exchange()), design, try Design(Outer())] {
      let complaints = try LintTools.complaints(about: module, options: options)
      #expect(complaints.isEmpty, "\(complaints)")
    }
  }

  @Test(arguments: [EngineKind.interpreter, .verilator])
  func bothEnginesReportFailures(engine: EngineKind) throws {
    let sim = try Simulation(Outer(), engine: engine)
    var reported: [String] = []
    sim.onFailure = { reported.append("\($0)") }
    sim.step(2)
    #expect(sim.failures.isEmpty)
    sim.bad = 1
    sim.step()
    sim.bad = 0
    sim.step(5)
    #expect(
      reported == [
        "WeftTests/PropertyTests.swift:49: error: assertion failed in cycle 2: good while it goes (in inner)",
        "WeftTests/PropertyTests.swift:51: error: assertion failed in cycle 2: good in modes 1 and 2 (in inner)",
        "WeftTests/PropertyTests.swift:67: error: assertion failed in cycle 4: never bad two edges ago",
      ])
    sim.bad = 1
    sim.step(3)
    #expect(sim.failures.map(\.count) == [4, 4, 2])
  }

  @Test(arguments: [EngineKind.interpreter, .verilator])
  func bothEnginesCountCovers(engine: EngineKind) throws {
    let sim = try Simulation(Guarded(), engine: engine)
    sim.bad = 1
    sim.step(3)
    sim.bad = 0
    sim.step(2)
    sim.mode = 1
    sim.step(4)
    #expect(sim.covers.map(\.count) == [3, 2])
    #expect(sim.covers.map(\.property.property.sentence) == ["bad while it rests", "good elsewhere"])
    #expect(sim.failures.isEmpty)
  }

  @Test(arguments: [EngineKind.interpreter, .verilator])
  func sequencesAreFollowed(engine: EngineKind) throws {
    let sim = try Simulation(Exchange(), engine: engine)
    sim.onFailure = { _ in }
    sim.reset()
    sim.request = 1
    sim.step(12)
    #expect(sim.failures.isEmpty)
    #expect(sim.covers.map(\.count) == [3])
    sim.pause = 1
    sim.step(2)
    #expect(sim.failures.isEmpty)
    sim.step(2)
    #expect(sim.failures.map(\.property.property.sentence) == ["a pause ends"])
    sim.pause = 0
    sim.step(4)
    #expect(sim.failures.map(\.property.property.kind) == [.assumption, .assertion])
  }

  @Test func resetSuspendsProperties() throws {
    struct Counting: Module {
      var count: Unsigned { register(.unsigned(4), reset: 0) }
      var shown: Unsigned { output(.unsigned(4)) }
      var body: Circuit {
        count <== count &+ 1
        shown <== count
        Assert((count != 0).implies(next: count != 0) | (count.past() == 15), "zero comes after fifteen alone")
        Assert(!count.isStable(), "it never stands still")
      }
    }
    let sim = try Simulation(Counting())
    sim.onFailure = { _ in }
    sim.step(5)
    #expect(sim.failures.map(\.property.property.sentence) == ["it never stands still"], "stable at the first edge")
    sim.reset(cycles: 3)
    sim.step(20)
    #expect(sim.failures.count == 1)
    #expect(sim.failures.first?.count == 2)
  }
}
