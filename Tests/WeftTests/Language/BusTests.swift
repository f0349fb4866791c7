import Testing
import Weft
import WeftSimulation

/// Counts the words of a stream.
struct PacketCounter: Module {
  var s_axis: AXI4Stream { input(.bundle(AXI4Stream(dataWidth: 16))) }
  var count: Unsigned { output(.unsigned(8)) }
  var counted: Unsigned { register(.unsigned(8), reset: 0) }

  var body: Circuit {
    s_axis.t.ready <== 1
    When(s_axis.t.fires & s_axis.t.payload.last) { counted <== counted &+ 1 }
    count <== counted
  }
}

/// A bus passed on, and a register of a channel's payload.
struct BusBridge: Module {
  var s_axi: AXI4Lite { input(.bundle(AXI4Lite(addressWidth: 6))) }
  var m_axi: AXI4Lite { output(.bundle(AXI4Lite(addressWidth: 6))) }
  var asked: AXILiteAddress { register(.bundle(AXILiteAddress(addressWidth: 6))) }
  var last: Unsigned { output(.unsigned(6)) }

  var body: Circuit {
    m_axi <== s_axi
    When(s_axi.ar.fires) { asked <== s_axi.ar.payload }
    last <== asked.addr
  }
}

@Suite struct BusTests {
  @Test func channelsHaveTheNamesOfTheStandard() throws {
    try expectVerilog(
      Design(BusBridge()),
      """
      // BusBridge()
      module BusBridge (
        input clock,
        input [5:0] s_axi_awaddr,
        input [2:0] s_axi_awprot,
        input s_axi_awvalid,
        output s_axi_awready,
        input [31:0] s_axi_wdata,
        input [3:0] s_axi_wstrb,
        input s_axi_wvalid,
        output s_axi_wready,
        output [1:0] s_axi_bresp,
        output s_axi_bvalid,
        input s_axi_bready,
        input [5:0] s_axi_araddr,
        input [2:0] s_axi_arprot,
        input s_axi_arvalid,
        output s_axi_arready,
        output [31:0] s_axi_rdata,
        output [1:0] s_axi_rresp,
        output s_axi_rvalid,
        input s_axi_rready,
        output [5:0] m_axi_awaddr,
        output [2:0] m_axi_awprot,
        output m_axi_awvalid,
        input m_axi_awready,
        output [31:0] m_axi_wdata,
        output [3:0] m_axi_wstrb,
        output m_axi_wvalid,
        input m_axi_wready,
        input [1:0] m_axi_bresp,
        input m_axi_bvalid,
        output m_axi_bready,
        output [5:0] m_axi_araddr,
        output [2:0] m_axi_arprot,
        output m_axi_arvalid,
        input m_axi_arready,
        input [31:0] m_axi_rdata,
        input [1:0] m_axi_rresp,
        input m_axi_rvalid,
        output m_axi_rready,
        output [5:0] last
      );
        reg [5:0] asked_addr = 6'd0;
        reg [2:0] asked_prot = 3'd0;

        assign s_axi_awready = m_axi_awready;
        assign s_axi_wready = m_axi_wready;
        assign s_axi_bresp = m_axi_bresp;
        assign s_axi_bvalid = m_axi_bvalid;
        assign s_axi_arready = m_axi_arready;
        assign s_axi_rdata = m_axi_rdata;
        assign s_axi_rresp = m_axi_rresp;
        assign s_axi_rvalid = m_axi_rvalid;
        assign m_axi_awaddr = s_axi_awaddr;
        assign m_axi_awprot = s_axi_awprot;
        assign m_axi_awvalid = s_axi_awvalid;
        assign m_axi_wdata = s_axi_wdata;
        assign m_axi_wstrb = s_axi_wstrb;
        assign m_axi_wvalid = s_axi_wvalid;
        assign m_axi_bready = s_axi_bready;
        assign m_axi_araddr = s_axi_araddr;
        assign m_axi_arprot = s_axi_arprot;
        assign m_axi_arvalid = s_axi_arvalid;
        assign m_axi_rready = s_axi_rready;
        assign last = asked_addr;

        always @(posedge clock) begin
          if (s_axi_arvalid & s_axi_arready) begin
            asked_addr <= s_axi_araddr;
            asked_prot <= s_axi_arprot;
          end
        end

        wire unused = &{1'b0, asked_prot};
      endmodule
      """)
  }

  @Test func aStreamIsAChannel() throws {
    try expectVerilog(
      Design(PacketCounter()),
      """
      // PacketCounter()
      module PacketCounter (
        input clock,
        input reset,
        input [15:0] s_axis_tdata,
        input [1:0] s_axis_tkeep,
        input s_axis_tlast,
        input s_axis_tvalid,
        output s_axis_tready,
        output [7:0] count
      );
        reg [7:0] counted = 8'd0;

        assign s_axis_tready = 1'b1;
        assign count = counted;

        always @(posedge clock) begin
          if (reset) begin
            counted <= 8'd0;
          end else if (s_axis_tvalid & s_axis_tlast) begin
            counted <= counted + 8'd1;
          end
        end

        wire unused = &{1'b0, s_axis_tdata, s_axis_tkeep};
      endmodule
      """)
  }

  @Test(arguments: [EngineKind.interpreter, .verilator])
  func channelsRunBothWays(engine: EngineKind) throws {
    let sim = try Simulation(BusBridge(), engine: engine)
    sim[\.m_axi.ar.ready].value = 1
    sim[\.s_axi.ar.valid].value = 1
    sim[\.s_axi.ar.payload.addr].value = 44
    sim[\.m_axi.r.valid].value = 1
    sim.leaves(of: \.m_axi.r.payload)[0].bits = BitVector(truncating: 0xC0FFEE, width: 32)
    sim.leaves(of: \.m_axi.r.payload.resp)[0].bits = AXIResponse.decodeError.code
    #expect(sim[\.m_axi.ar.valid].value == 1 && sim[\.m_axi.ar.payload.addr].value == 44)
    #expect(sim[\.s_axi.ar.ready].value == 1 && sim[\.s_axi.r.valid].value == 1)
    #expect(sim.leaves(of: \.s_axi.r.payload).map(\.bits) == [
      BitVector(truncating: 0xC0FFEE, width: 32), AXIResponse.decodeError.code,
    ])
    sim.step()
    #expect(sim.last == 44)
  }
}
