import Foundation
import Testing
import Weft
import WeftSimulation

struct MultiplyAccumulate: Module {
  var bits = 8

  var clear: Bit { input(.bit) }
  var activation: Signed { input(.signed(bits)) }
  var weight: Signed { input(.signed(bits)) }
  var sum: Signed { output(.signed(32)) }
  var accumulator: Signed { register(.signed(32)) }

  var body: Circuit {
    accumulator <== clear.select(0, else: accumulator) &+ activation * weight
    sum <== accumulator
  }
}

/// The module above, which README shows, runs and becomes the Verilog that README shows.
@Suite struct ReadmeTests {
  /// The first block of Verilog in README.
  private func verilog() throws -> Substring {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../README.md")
    let text = try String(contentsOf: file.standardizedFileURL, encoding: .utf8)
    return try #require(text.split(separator: "```verilog\n").last?.split(separator: "```", maxSplits: 1).first)
  }

  @Test func moduleRuns() throws {
    let sim = try Simulation(MultiplyAccumulate(), engine: .verilator)
    sim.activation = 6
    sim.weight = 7
    sim.step()
    #expect(sim.sum == 42)
  }

  @Test func verilogIsWhatTheModuleBecomes() throws {
    let emitted = try Design(MultiplyAccumulate()).verilog().modules[0].contents
    #expect(try String(verilog()) == emitted, "the module becomes\n\(emitted)")
  }
}
