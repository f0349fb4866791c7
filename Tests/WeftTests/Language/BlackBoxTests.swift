import Testing
import Weft
import WeftSimulation

/// A vendor's multiplier with a register, as its sources would have it.
struct VendorMultiplier: BlackBox {
  let bits: Int
  var verilogName: String? { "VENDOR_MULT" }
  var parameters: [BlackBoxParameter] { [.init("WIDTH", .integer(bits)), .init("MODE", "FAST")] }
  var portNames: [String: String] { ["clock": "CLK"] }
  var a: Signed { input(.signed(bits), named: "A") }
  var b: Signed { input(.signed(bits), named: "B") }
  var product: Signed { output(.signed(2 * bits), named: "P") }
  var stage: Signed { register(.signed(2 * bits)) }
  var body: Circuit {
    stage <== a * b
    product <== stage
  }
}

/// An analogue part, of which nothing can be simulated.
struct Oscillator: BlackBox {
  var verilogName: String? { "OSC" }
  var enable: Bit { input(.bit, named: "EN") }
  var isStable: Bit { output(.bit, named: "LOCKED") }
  var body: Circuit { ports(enable, isStable) }
}

struct Squarer: Module {
  var value: Signed { input(.signed(4)) }
  var square: Signed { output(.signed(8)) }
  var doubled: Signed { wire(value + value) }
  var multiplier: Instance<VendorMultiplier> { instance(VendorMultiplier(bits: 4)) }
  var body: Circuit {
    attribute("keep", "true", on: doubled)
    attribute("DONT_TOUCH", on: multiplier)
    multiplier.a <== value
    multiplier.b <== doubled[0..<4].asSigned
    square <== multiplier.product
  }
}

struct Clocked: Module {
  var oscillator: Instance<Oscillator> { instance(Oscillator()) }
  var isReady: Bit { output(.bit) }
  var body: Circuit {
    oscillator.enable <== 1
    isReady <== oscillator.isStable
  }
}

@Suite struct BlackBoxTests {
  @Test func instancesNameTheExternalModule() throws {
    let output = try Design(Squarer()).verilog()
    #expect(output.modules.map(\.name) == ["Squarer.v"])
    #expect(
      output.modules[0].contents == """
        // Squarer()
        module Squarer (
          input clock,
          input [3:0] value,
          output [7:0] square
        );
          (* keep = "true" *)
          wire [4:0] doubled;
          wire [7:0] multiplier_P;

          assign square = multiplier_P;
          assign doubled = {value[3], value} + {value[3], value};

          (* DONT_TOUCH *)
          VENDOR_MULT #(
            .WIDTH(4),
            .MODE("FAST")
          ) multiplier (
            .CLK(clock),
            .A(value),
            .B(doubled[3:0]),
            .P(multiplier_P)
          );

          wire unused = &{1'b0, doubled[4]};
        endmodule

        """)
  }

  @Test(arguments: [EngineKind.interpreter, .verilator]) func modelsStandIn(engine: EngineKind) throws {
    let sim = try Simulation(Squarer(), engine: engine)
    sim.value = 3
    sim.step()
    #expect(sim.square == 18)
  }

  @Test(arguments: [EngineKind.interpreter, .verilator]) func boxesWithoutAModelAreRefused(engine: EngineKind) throws {
    #expect(try Design(Clocked()).verilog().modules[0].contents.contains("OSC oscillator ("))
    let error = #expect(throws: SimulationError.self) { try Simulation(Clocked(), engine: engine) }
    #expect(error?.message.contains("`OSC` is a black box without a model") == true)
  }
}
