import Foundation
import Testing

/// `weft import` on Verilog of one's own.
@Suite struct ImportTests {
  private static let verilog = """
    module fir_filter #(parameter TAPS = 4, parameter WIDTH = 8) (
      input CLK, input rst, input wire data_valid, input signed [WIDTH-1:0] data_in, input [TAPS*8-1:0] coefficients,
      output reg signed [2*WIDTH-1:0] result, output repeat_
    );
      assign repeat_ = 0;
      always @(posedge CLK) result <= data_in * data_in;
    endmodule
    module other (inout pad); endmodule
    """

  @Test func portsBecomeABlackBox() throws {
    let place = try Workplace()
    try Data(Self.verilog.utf8).write(to: place.file("fir.v"))
    let run = try place.weft(
      "import", "fir.v", "--module", "fir_filter", "-P", "WIDTH=12", "--clock", "CLK", "--reset", "rst")
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(
      run.output == """
        import Weft

        /// `fir_filter`, which fir.v defines.
        struct FirFilter: BlackBox {
          var verilogName: String? { "fir_filter" }
          var parameters: [BlackBoxParameter] { [.init("WIDTH", .integer(12))] }
          var sources: [String] { ["fir.v"] }
          var domains: [Domain] { [.main] }
          var portNames: [String: String] { ["clock": "CLK", "reset": "rst"] }
          var dataValid: Bit { input(.bit, named: "data_valid") }
          var dataIn: Signed { input(.signed(12), named: "data_in") }
          var coefficients: Bits { input(.bits(32), named: "coefficients") }
          var result: Signed { output(.signed(24), named: "result") }
          var `repeat`: Bit { output(.bit, named: "repeat_") }
          var body: Circuit { ports(dataValid, dataIn, coefficients, result, `repeat`) }
        }

        """)
  }

  @Test func mistakesAreNamed() throws {
    let place = try Workplace()
    try Data(Self.verilog.utf8).write(to: place.file("fir.v"))
    try Data("module broken (".utf8).write(to: place.file("broken.v"))
    for (arguments, message) in [
      (["fir.v"], "name one with --module"), (["fir.v", "--module", "fur"], "define no module 'fur'"),
      (["fir.v", "--module", "other"], "is inout"), (["none.v"], "'none.v' cannot be read"),
      (["fir.v", "--module", "fir_filter", "--clock", "clk"], "has no port 'clk'"),
      (["fir.v", "-P", "WIDTH"], "write NAME=VALUE"), (["broken.v"], "yosys failed"),
    ] {
      let run = try ToolRun(["import"] + arguments, in: place.folder)
      #expect(run.exitCode != 0 && run.errors.contains(message), "\(arguments): \(run.errors)")
    }
  }
}
