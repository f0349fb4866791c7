import Testing
import Weft
import WeftStreams

/// The Verilog of small modules for AXI, as a reader sees it.
@Suite struct AXIGoldenTests {
  @Test func burstSplitter() throws {
    let expected = """
      // AXIBurstSplitter(addressWidth: 32, dataWidth: 64, countWidth: 12, longestBurst: 16)
      module AXIBurstSplitter_32_64_12_16 (
        input clock,
        input reset,
        input [31:0] ranges_payload_address,
        input [11:0] ranges_payload_count,
        input ranges_payload_isLast,
        input ranges_valid,
        output ranges_ready,
        output [31:0] bursts_payload_address,
        output [7:0] bursts_payload_length,
        output [2:0] bursts_payload_firstLane,
        output [3:0] bursts_payload_endLane,
        output bursts_payload_isLast,
        output bursts_valid,
        input bursts_ready,
        input stops
      );
        reg [31:0] address = 32'd0;
        reg [11:0] behind = 12'd0;
        wire [12:0] end_place;
        wire goesOn;
        reg isLastRange = 1'b0;
        reg isBusy = 1'b0;

        assign ranges_ready = ~isBusy | (bursts_ready & ~goesOn);
        assign bursts_payload_address = {address[31:3], 3'd0};
        wire [6:0] choice_goesOn_127_end_place_6_0 = goesOn ? 7'd127 : end_place[6:0];
        assign bursts_payload_length = {4'd0, choice_goesOn_127_end_place_6_0[6:3] - address[6:3]};
        assign bursts_payload_firstLane = address[2:0];
        assign bursts_payload_endLane = {1'b0, choice_goesOn_127_end_place_6_0[2:0]} + 4'd1;
        assign bursts_payload_isLast = isLastRange & ~goesOn;
        assign bursts_valid = isBusy;

        wire and_bursts_valid_bursts_ready = bursts_valid & bursts_ready;
        wire [12:0] difference_end_place_128 = end_place - 13'd128;
        wire and_ranges_valid_ranges_ready = ranges_valid & ranges_ready;
        always @(posedge clock) begin
          if (and_bursts_valid_bursts_ready) begin
            address <= {address[31:7] + 25'd1, 7'd0};
            behind <= difference_end_place_128[11:0];
          end
          if (and_ranges_valid_ranges_ready) begin
            address <= ranges_payload_address;
            behind <= ranges_payload_count - 12'd1;
            isLastRange <= ranges_payload_isLast;
          end
        end

        assign end_place = {6'd0, address[6:0]} + {1'b0, behind};
        assign goesOn = end_place[12:7] != 6'd0;

        always @(posedge clock) begin
          if (reset) begin
            isBusy <= 1'b0;
          end else begin
            if (and_bursts_valid_bursts_ready) begin
              isBusy <= goesOn;
            end
            if (and_ranges_valid_ranges_ready) begin
              isBusy <= 1'b1;
            end
            if (stops) begin
              isBusy <= 1'b0;
            end
          end
        end

        wire unused = &{1'b0, difference_end_place_128[12]};
      endmodule

      """
    let module = AXIBurstSplitter(addressWidth: 32, dataWidth: 64, countWidth: 12, longestBurst: 16)
    #expect(try Design(module).verilog().modules.map(\.contents) == [expected])
  }
}
