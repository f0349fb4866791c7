import Testing
import Weft
import WeftStreams

/// The Verilog of small modules, as a reader sees it.
@Suite struct GoldenVerilogTests {
  @Test func pipelineRegister() throws {
    let expected = """
      // PipelineRegister<Signed>(payload: Signed(8))
      module PipelineRegister_Signed_s8 (
        input clock,
        input reset,
        input [7:0] input_payload,
        input input_valid,
        output input_ready,
        output [7:0] output_payload,
        output output_valid,
        input output_ready
      );
        reg isSpareFree = 1'b1;
        reg isOffering = 1'b0;
        reg [7:0] offered = 8'd0;
        reg [7:0] spare = 8'd0;

        assign input_ready = isSpareFree;
        assign output_payload = offered;
        assign output_valid = isOffering;

        wire or_not_isOffering_output_ready = ~isOffering | output_ready;
        always @(posedge clock) begin
          if (reset) begin
            isSpareFree <= 1'b1;
            isOffering <= 1'b0;
          end else if (or_not_isOffering_output_ready) begin
            isOffering <= input_valid | ~isSpareFree;
            isSpareFree <= 1'b1;
          end else if (input_valid & input_ready) begin
            isSpareFree <= 1'b0;
          end
        end

        always @(posedge clock) begin
          if (or_not_isOffering_output_ready) begin
            offered <= isSpareFree ? input_payload : spare;
          end
        end

        always @(posedge clock) begin
          if (isSpareFree) begin
            spare <= input_payload;
          end
        end
      endmodule

      """
    #expect(try Design(PipelineRegister(of: .signed(8))).verilog().modules.map(\.contents) == [expected])
  }

  @Test func fifo() throws {
    let expected = """
      // FIFO<Unsigned>(payload: Unsigned(8), depth: 3)
      module FIFO_Unsigned_u8_3 (
        input clock,
        input reset,
        input [7:0] input_payload,
        input input_valid,
        output input_ready,
        output [7:0] output_payload,
        output output_valid,
        input output_ready,
        output [1:0] count
      );
        reg [1:0] occupancy = 2'd0;
        reg [23:0] storage = 24'd0;
        reg [1:0] readIndex = 2'd0;
        reg [1:0] writeIndex = 2'd0;

        assign input_ready = occupancy != 2'd3;
        assign output_payload = readIndex < 2'd3 ? storage[{readIndex, 3'd0} +: 8] : 8'd0;
        assign output_valid = occupancy != 2'd0;
        assign count = occupancy;

        wire and_input_valid_input_ready = input_valid & input_ready;
        wire and_output_valid_output_ready = output_valid & output_ready;
        always @(posedge clock) begin
          if (reset) begin
            occupancy <= 2'd0;
          end else if (and_input_valid_input_ready ^ and_output_valid_output_ready) begin
            occupancy <= and_input_valid_input_ready ? occupancy + 2'd1 : occupancy - 2'd1;
          end
        end

        always @(posedge clock) begin
          if (and_input_valid_input_ready) begin
            case (writeIndex)
              2'd0: storage[7:0] <= input_payload;
              2'd1: storage[15:8] <= input_payload;
              2'd2: storage[23:16] <= input_payload;
              default: ;
            endcase
          end
        end

        always @(posedge clock) begin
          if (reset) begin
            readIndex <= 2'd0;
          end else if (and_output_valid_output_ready) begin
            readIndex <= readIndex == 2'd2 ? 2'd0 : readIndex + 2'd1;
          end
        end

        always @(posedge clock) begin
          if (reset) begin
            writeIndex <= 2'd0;
          end else if (and_input_valid_input_ready) begin
            writeIndex <= writeIndex == 2'd2 ? 2'd0 : writeIndex + 2'd1;
          end
        end
      endmodule

      """
    #expect(try Design(FIFO(of: .unsigned(8), depth: 3)).verilog().modules.map(\.contents) == [expected])
  }

  @Test func wordUnpacker() throws {
    let expected = """
      // WordUnpacker(wordWidth: 64, elementWidth: 12, elements: 7)
      module WordUnpacker_64_12_7 (
        input clock,
        input reset,
        input [63:0] input_payload,
        input input_valid,
        output input_ready,
        output [11:0] output_payload,
        output output_valid,
        input output_ready
      );
        reg [2:0] lane = 3'd0;
        reg wordIndex = 1'b0;

        wire or_lane_wordIndex_e6e6 = (lane == 3'd4) | ((wordIndex == 1'b1) & (lane == 3'd1));
        assign input_ready = output_ready & or_lane_wordIndex_e6e6;
        wire [79:0] joined_input_payload_fb08 = {4'd0, input_payload[59:48], 4'd0, input_payload[47:36],
            4'd0, input_payload[35:24], 4'd0, input_payload[23:12], 4'd0, input_payload[11:0]};
        wire [15:0] element_input_payload_lane_ed41 =
            lane < 3'd5 ? joined_input_payload_fb08[{lane, 4'd0} +: 16] : 16'd0;
        assign output_payload = element_input_payload_lane_ed41[11:0];
        assign output_valid = input_valid;

        always @(posedge clock) begin
          if (reset) begin
            lane <= 3'd0;
          end else if (output_valid & output_ready) begin
            lane <= or_lane_wordIndex_e6e6 ? 3'd0 : lane + 3'd1;
          end
        end

        always @(posedge clock) begin
          if (reset) begin
            wordIndex <= 1'b0;
          end else if (input_valid & input_ready) begin
            wordIndex <= wordIndex == 1'b1 ? 1'b0 : wordIndex + 1'b1;
          end
        end

        wire unused = &{1'b0, input_payload[63:60], element_input_payload_lane_ed41[15:12]};
      endmodule

      """
    let module = WordUnpacker(wordWidth: 64, elementWidth: 12, elements: 7)
    #expect(try Design(module).verilog().modules.map(\.contents) == [expected])
  }
}
