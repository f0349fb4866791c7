import Foundation
import Testing
import Weft
import WeftSimulation

/// A counter in Gray code, written in Verilog.
struct GrayCounter: BlackBox {
  let folder: String
  var start = 0

  var verilogName: String? { "gray_counter" }
  var parameters: [BlackBoxParameter] { [.init("START", .integer(start))] }
  var sources: [String] { [folder + "/gray_counter.v"] }
  var domains: [Domain] { [.main] }
  var portNames: [String: String] { ["clock": "clk"] }

  var clear: Bit { input(.bit, named: "rst") }
  var enable: Bit { input(.bit) }
  var code: Unsigned { output(.unsigned(4)) }

  var body: Circuit { ports(clear, enable, code) }
}

extension GrayCounter {
  /// Writes the Verilog into a folder of its own.
  static func writeSources() throws -> String {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("weft-external-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data("`define GRAY(x) ((x) ^ ((x) >> 1))\n".utf8).write(to: folder.appendingPathComponent("gray.vh"))
    let verilog = """
      `include "gray.vh"
      module gray_counter #(parameter START = 9) (input clk, input rst, input enable, output [3:0] code);
        reg [3:0] count;
        initial count = START;
        always @(posedge clk)
          if (rst) count <= #1 0;
          else if (enable) count <= #1 count + 1;
        assign code = `GRAY(count);
      endmodule

      """
    try Data(verilog.utf8).write(to: folder.appendingPathComponent("gray_counter.v"))
    return folder.path
  }
}

/// The same with a model, which counts twice as fast.
struct ModelledCounter: BlackBox {
  let folder: String

  var verilogName: String? { "gray_counter" }
  var parameters: [BlackBoxParameter] { [.init("START", 0)] }
  var sources: [String] { [folder + "/gray_counter.v"] }
  var portNames: [String: String] { ["clock": "clk"] }

  var clear: Bit { input(.bit, named: "rst") }
  var enable: Bit { input(.bit) }
  var code: Unsigned { output(.unsigned(4)) }
  var count: Unsigned { register(.unsigned(4)) }

  var body: Circuit {
    When(enable) { count <== count &+ 2 }
    When(clear) { count <== 0 }
    code <== count
  }
}

/// Two of them, and what differs.
struct Comparison: Module {
  let folder: String

  var enable: Bit { input(.bit) }
  var difference: Unsigned { output(.unsigned(4)) }
  var first: Instance<GrayCounter> { instance(GrayCounter(folder: folder)) }
  var second: Instance<GrayCounter> { instance(GrayCounter(folder: folder, start: 5)) }

  var body: Circuit {
    first.clear <== 0
    second.clear <== 0
    first.enable <== enable
    second.enable <== enable
    difference <== (first.code.asBits ^ second.code.asBits).asUnsigned
  }
}

@Suite(.serialized) struct ExternalVerilogTests {
  private let folder: String

  init() throws { folder = try GrayCounter.writeSources() }

  @Test func aModuleOfVerilogRunsBehindTheTypedAPI() throws {
    let sim = try Simulation(GrayCounter(folder: folder, start: 2), engine: .verilator)
    #expect(sim.code == 3)
    sim.enable = 1
    sim.step()
    #expect(sim.code == 2)
    sim.clock(.main, period: .nanoseconds(4))
    sim.run(for: .nanoseconds(8))
    #expect(sim.code == 7 && sim.engine.cycle == 3)
    sim.clear = 1
    sim.step()
    #expect(sim.code == 0)
    let recording = sim.record(\.clear, \.code)
    sim.clear = 0
    sim.step(3)
    #expect(recording.waveform.traces[1].changes.map(\.value.lowWord) == [0, 1, 3])
  }

  @Test func boxesOfADesignRunFromTheirSources() throws {
    let sim = try Simulation(Comparison(folder: folder), engine: .verilator)
    var (first, second) = (0, 5)
    sim.enable = 1
    for _ in 0..<20 {
      #expect(sim.difference == (first ^ first >> 1) ^ (second ^ second >> 1))
      sim.step()
      (first, second) = ((first + 1) % 16, (second + 1) % 16)
    }
    #expect(throws: SimulationError.self) { try Simulation(Comparison(folder: folder), engine: .interpreter) }
    let kept = try Simulation(
      Comparison(folder: folder), engine: .verilator(VerilatorOptions(keepsInternals: true)))
    let error = #expect(throws: SimulationError.self) { try kept.checkpoint() }
    #expect(error?.message.contains("`gray_counter`") == true)
  }

  @Test func aModelStandsInUnlessTheSourcesAreAskedFor() throws {
    for (engine, expected) in [
      (EngineKind.interpreter, 2), (.verilator, 2), (.verilator(VerilatorOptions(runsBlackBoxSources: true)), 1),
    ] {
      let sim = try Simulation(ModelledCounter(folder: folder), engine: engine)
      sim.enable = 1
      sim.step()
      #expect(sim.code == expected)
    }
  }

  @Test func changedSourcesMakeANewModel() throws {
    let design = try Design(Comparison(folder: folder))
    let engine = EngineKind.verilator(VerilatorOptions())
    _ = try engine.makeEngine(for: design)
    let again = try #require(try engine.makeEngine(for: design) as? VerilatorEngine)
    #expect(!again.wasCompiled)
    let text = "// \(UUID().uuidString)\n`define GRAY(x) ((x) ^ ((x) >> 1))\n"
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/gray.vh"))
    let changed = try #require(try engine.makeEngine(for: design) as? VerilatorEngine)
    #expect(changed.wasCompiled)
  }

  @Test func aMissingSourceIsNamed() throws {
    let error = #expect(throws: SimulationError.self) {
      try Simulation(GrayCounter(folder: folder + "/nowhere"), engine: .verilator)
    }
    #expect(error?.message.contains("/nowhere/gray_counter.v of the black box `gray_counter` cannot be read") == true)
  }
}
