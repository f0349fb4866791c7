import Testing
import Weft
import WeftSimulation

/// What the tutorial does with its designs.
@Suite struct TutorialTests {
  @Test func countsWhileEnabled() throws {
    let sim = try Simulation(Counter(bits: 4), engine: .interpreter)
    sim.reset()
    sim.enable = 1
    sim.step(3)
    #expect(sim.count == 3)
    sim.enable = 0
    sim.step(5)
    #expect(sim.count == 3)
    sim.enable = 1
    sim.step(13)
    #expect(sim.count == 0)
  }

  @Test func counterVerilog() throws {
    let verilog = try Design(Counter()).verilog()
    #expect(
      verilog.modules[0].contents == """
        // Counter(bits: 8)
        module Counter_8 (
          input clock,
          input reset,
          input enable,
          output [7:0] count
        );
          reg [7:0] value = 8'd0;

          assign count = value;

          always @(posedge clock) begin
            if (reset) begin
              value <= 8'd0;
            end else if (enable) begin
              value <= value + 8'd1;
            end
          end
        endmodule

        """)
  }

  @Test func answersAnImpulseWithItsCoefficients() throws {
    let sim = try Simulation(FIRFilter(coefficients: [3, -1, 4, 1]))
    var results: [Int] = []
    for sample in [1, 0, 0, 0, 0, -128, 0] {
      sim.sample = sample
      results.append(sim.result)
      sim.step()
    }
    #expect(results == [3, -1, 4, 1, 0, -384, 128])
  }

  @Test(arguments: [EngineKind.interpreter, .verilator])
  func keepsTheOrder(engine: EngineKind) throws {
    let sim = try Simulation(Queue(), engine: engine)
    let driver = StreamDriver(sim, \.arrivals, stalls: .random(seed: 7))
    let monitor = StreamMonitor(sim, \.departures, stalls: .random(seed: 8))
    let bench = StreamBench(sim, driver, monitor)
    driver.send(contentsOf: 0..<200)
    try bench.run(until: { monitor.count == 200 }, limit: 5_000)
    #expect(monitor.values == Array(0..<200))
  }

  @Test func holdsASinkThatDoesNotTake() throws {
    let sim = try Simulation(SampleBuffer(depth: 4))
    sim[\.samples.valid].value = 1
    for sample in 1...6 {
      sim[\.samples.payload].value = sample
      sim.step()
    }
    #expect(sim[\.samples.ready].value == 0)
    #expect(sim[\.buffered.payload].value == 1)
  }

  @Test func multipliesMatrices() throws {
    let (a, b) = ([[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[1, 0, -1], [2, -2, 0], [-128, 127, 5]])
    let array = MatrixMultiplier(size: 3)
    let sim = try Simulation(array)
    for step in 0..<array.latency {
      sim.start = step == 0 ? 1 : 0
      sim.column = (0..<3).map { step < 3 ? a[$0][step] : 0 }
      sim.row = (0..<3).map { step < 3 ? b[step][$0] : 0 }
      sim.step()
    }
    for y in 0..<3 {
      for x in 0..<3 {
        #expect(sim[\.sums[y][x]].value == (0..<3).reduce(0) { $0 + a[y][$1] * b[$1][x] })
      }
    }
  }

  @Test func runsOnVerilator() throws {
    let sim = try Simulation(Counter(bits: 4), engine: .verilator)
    sim.enable = 1
    sim.step(3)
    #expect(sim.count == 3)
  }
}
