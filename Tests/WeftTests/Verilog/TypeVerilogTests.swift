import Testing
import Weft
import WeftLint

/// The Verilog of the language's types and state machines.
@Suite struct TypeVerilogTests {
  @Test func fixedPoint() throws {
    try expectVerilog(
      Design(FixedMixer()),
      """
      // FixedMixer()
      module FixedMixer (
        input clock,
        input reset,
        input [7:0] sample,
        input [7:0] gain,
        output [7:0] scaled,
        output [10:0] mixed,
        output isQuiet
      );
        reg [7:0] held = 8'd208;

        wire [15:0] product_sample_gain = $signed(sample) * $signed(gain);
        wire or_sample_gain_236d = (|product_sample_gain[5:0]) | product_sample_gain[7];
        wire [9:0] sum_sample_gain_628f = {product_sample_gain[15], product_sample_gain[15:7]} + {9'd0,
            product_sample_gain[6] & or_sample_gain_236d};
        wire or_sample_gain_c2ee = (&sum_sample_gain_628f[9:7]) | ~(|sum_sample_gain_628f[9:7]);
        wire [7:0] joined_sample_gain_213c = {sum_sample_gain_628f[9], {7{~sum_sample_gain_628f[9]}}};
        assign scaled = or_sample_gain_c2ee ? sum_sample_gain_628f[7:0] : joined_sample_gain_213c;
        wire [8:0] joined_held_0 = {held, 1'b0};
        wire [9:0] sum_joined_held_0_gain = {joined_held_0[8], joined_held_0} + {{2{gain[7]}}, gain};
        assign mixed = {sum_joined_held_0_gain[9], sum_joined_held_0_gain} + 11'd32;
        assign isQuiet = $signed(sample) < 8'sd32;

        always @(posedge clock) begin
          if (reset) begin
            held <= 8'd208;
          end else begin
            held <= isQuiet ? sample : 8'd96;
          end
        end
      endmodule
      """)
  }

  @Test func enumerations() throws {
    try expectVerilog(
      Design(TrafficLight()),
      """
      // TrafficLight()
      module TrafficLight (
        input clock,
        input reset,
        input isBlocked,
        output [2:0] shown
      );
        localparam [2:0] Lamp_red = 3'd1;
        localparam [2:0] Lamp_green = 3'd2;
        localparam [2:0] Lamp_amber = 3'd4;
        reg [2:0] lamp = Lamp_red;

        assign shown = lamp;

        always @(posedge clock) begin
          if (reset) begin
            lamp <= Lamp_red;
          end else begin
            case (lamp)
              Lamp_red: lamp <= isBlocked ? Lamp_red : Lamp_green;
              Lamp_green: begin
                if (isBlocked) begin
                  lamp <= Lamp_amber;
                end
              end
              // Lamp_amber
              default: lamp <= Lamp_red;
            endcase
          end
        end
      endmodule
      """)
  }

  @Test func patterns() throws {
    try expectVerilog(
      Design(OpcodeDecoder()),
      """
      // OpcodeDecoder()
      module OpcodeDecoder (
        input [5:0] opcode,
        output reg [2:0] unit,
        output reg isShort
      );
        wire and_opcode_5_equal_opcode_1_0_1 = opcode[5] & (opcode[1:0] == 2'd1);
        always @* begin
          if (opcode[5:4] == 2'd0) begin
            unit = 3'd1;
          end else if (and_opcode_5_equal_opcode_1_0_1 | (opcode[5] & (opcode[1:0] == 2'd2))) begin
            unit = 3'd2;
          end else if (opcode[3]) begin
            unit = 3'd3;
          end else if (opcode == 6'd32) begin
            unit = 3'd4;
          end else begin
            unit = 3'd0;
          end
        end

        always @* begin
          if (opcode[4]) begin
            isShort = 1'b0;
          end else begin
            isShort = 1'b1;
          end
        end
      endmodule
      """)
  }

  @Test func elementsOfElements() throws {
    try expectVerilog(
      Design(CellGrid()),
      """
      // CellGrid()
      module CellGrid (
        input clock,
        input [1:0] row,
        input column,
        input [2:0] place,
        input [7:0] value,
        output [7:0] chosen,
        output flag
      );
        reg [47:0] cells = 48'd0;
        reg [5:0] flags = 6'd0;

        wire [15:0] element_cells_row = row < 2'd3 ? cells[{row, 4'd0} +: 16] : 16'd0;
        assign chosen = element_cells_row[{column, 3'd0} +: 8];
        assign flag = place < 3'd6 ? flags[place] : 1'b0;

        wire [7:0] sum_value_1 = value + 8'd1;
        always @(posedge clock) begin
          case (column)
            1'b0: begin
              case (row)
                2'd0: cells[7:0] <= value;
                2'd1: cells[23:16] <= value;
                2'd2: cells[39:32] <= value;
                default: ;
              endcase
            end
            1'b1: begin
              case (row)
                2'd0: cells[15:8] <= value;
                2'd1: cells[31:24] <= value;
                2'd2: cells[47:40] <= value;
                default: ;
              endcase
            end
            default: ;
          endcase
          if (value[7]) begin
            case (row)
              2'd0: cells[15:8] <= sum_value_1;
              2'd1: cells[31:24] <= sum_value_1;
              2'd2: cells[47:40] <= sum_value_1;
              default: ;
            endcase
          end
        end

        always @(posedge clock) begin
          case (place)
            3'd0: flags[0] <= value[0];
            3'd1: flags[1] <= value[0];
            3'd2: flags[2] <= value[0];
            3'd3: flags[3] <= value[0];
            3'd4: flags[4] <= value[0];
            3'd5: flags[5] <= value[0];
            default: ;
          endcase
        end
      endmodule
      """)
  }

  @Test func streamsInVectors() throws {
    try expectVerilog(
      Design(StreamRouter()),
      """
      // StreamRouter()
      module StreamRouter (
        input target,
        input [3:0] incoming_payload,
        input incoming_valid,
        output incoming_ready,
        output reg [7:0] outgoing_payload,
        output reg [1:0] outgoing_valid,
        input [1:0] outgoing_ready
      );
        assign incoming_ready = outgoing_ready[target];

        always @* begin
          outgoing_payload[3:0] = 4'd0;
          outgoing_payload[7:4] = 4'd0;
          case (target)
            1'b0: outgoing_payload[3:0] = incoming_payload;
            1'b1: outgoing_payload[7:4] = incoming_payload;
            default: ;
          endcase
        end

        always @* begin
          outgoing_valid[0] = 1'b0;
          outgoing_valid[1] = 1'b0;
          case (target)
            1'b0: outgoing_valid[0] = incoming_valid;
            1'b1: outgoing_valid[1] = incoming_valid;
            default: ;
          endcase
        end
      endmodule
      """)
  }

  @Test func durationsFromSignals() throws {
    let design = try Design(Pulser())
    let text = try #require(design.verilog().modules.last?.contents)
    #expect(text.contains("reg [3:0] phase_timer = 4'd0;"))
    #expect(text.contains("if (~(sum_phase_timer_1 < {1'b0, length})) begin") || text.contains(">="), "\(text)")
    #expect(text.contains("if (phase_timer == 4'd2) begin"), "\(text)")
    let complaints = try LintTools.complaints(about: design)
    #expect(complaints.isEmpty, "\(complaints)")
  }

  @Test func stateMachines() throws {
    try expectVerilog(
      Design(Loader()),
      """
      // Loader()
      module Loader (
        input clock,
        input reset,
        input go,
        input stop,
        output reg isLoading,
        output reg isDone,
        output isBusy,
        output [3:0] words
      );
        localparam [1:0] LoaderPhase_idle = 2'd0;
        localparam [1:0] LoaderPhase_load = 2'd1;
        localparam [1:0] LoaderPhase_run = 2'd2;
        localparam [1:0] BurstPhase_address = 2'd0;
        localparam [1:0] BurstPhase_data = 2'd1;
        localparam [1:0] BurstPhase_done = 2'd3;
        reg [1:0] phase = LoaderPhase_idle;
        reg [1:0] phase_next;
        reg [1:0] burst = BurstPhase_address;
        reg [1:0] burst_next;
        reg [3:0] count = 4'd0;
        reg burst_timer = 1'b0;
        reg [1:0] phase_timer = 2'd0;

        always @* begin
          isLoading = 1'b0;
          case (phase)
            LoaderPhase_load: isLoading = 1'b1;
            default: ;
          endcase
        end

        always @* begin
          isDone = 1'b0;
          case (phase)
            LoaderPhase_idle: ;
            LoaderPhase_load: ;
            // LoaderPhase_run
            default: begin
              if (phase_next != LoaderPhase_run) begin
                isDone = 1'b1;
              end
            end
          endcase
        end

        assign isBusy = phase != LoaderPhase_idle;
        assign words = count;

        always @(posedge clock) begin
          if (reset) begin
            phase <= LoaderPhase_idle;
          end else begin
            phase <= phase_next;
          end
        end

        always @* begin
          phase_next = phase;
          case (phase)
            LoaderPhase_idle: begin
              if (go) begin
                phase_next = LoaderPhase_load;
              end
            end
            LoaderPhase_load: begin
              if (phase_timer == 2'd3) begin
                phase_next = LoaderPhase_run;
              end
            end
            // LoaderPhase_run
            default: begin
              case (burst)
                BurstPhase_address: ;
                BurstPhase_data: ;
                // BurstPhase_done
                default: phase_next = LoaderPhase_idle;
              endcase
            end
          endcase
        end

        always @(posedge clock) begin
          if (reset) begin
            burst <= BurstPhase_address;
          end else begin
            burst <= burst_next;
          end
        end

        wire and_phase_phase_next_b839 = (phase != LoaderPhase_run) & (phase_next == LoaderPhase_run);
        always @* begin
          burst_next = burst;
          case (phase)
            LoaderPhase_idle: ;
            LoaderPhase_load: ;
            // LoaderPhase_run
            default: begin
              case (burst)
                BurstPhase_address: begin
                  if (burst_timer == 1'b1) begin
                    burst_next = BurstPhase_data;
                  end
                end
                BurstPhase_data: begin
                  if (stop) begin
                    burst_next = BurstPhase_done;
                  end
                end
                default: ;
              endcase
            end
          endcase
          if (and_phase_phase_next_b839) begin
            burst_next = BurstPhase_address;
          end
        end

        always @(posedge clock) begin
          if (reset) begin
            count <= 4'd0;
            burst_timer <= 1'b0;
            phase_timer <= 2'd0;
          end else begin
            case (phase)
              LoaderPhase_idle: ;
              LoaderPhase_load: begin
                if (phase_next == LoaderPhase_load) begin
                  phase_timer <= phase_timer + 2'd1;
                end else begin
                  phase_timer <= 2'd0;
                end
              end
              // LoaderPhase_run
              default: begin
                case (burst)
                  BurstPhase_address: begin
                    if (burst_next == BurstPhase_address) begin
                      burst_timer <= burst_timer + 1'b1;
                    end else begin
                      burst_timer <= 1'b0;
                    end
                  end
                  BurstPhase_data: count <= count + 4'd1;
                  default: ;
                endcase
              end
            endcase
            if (and_phase_phase_next_b839) begin
              count <= 4'd0;
            end
          end
        end
      endmodule
      """)
  }

  @Test func registerFile() throws {
    try expectVerilog(
      Design(RegisterFile(depth: 3, of: .unsigned(4), reads: 1, writes: 2)),
      """
      // RegisterFile<Unsigned>(depth: 3, shape: Unsigned(4), readPorts: 1, writePorts: 2, forwardsWrites: false)
      module RegisterFile_Unsigned_3_u4_1_2_off (
        input clock,
        input [1:0] reads_address,
        output [3:0] reads_data,
        input [1:0] writes_enable,
        input [3:0] writes_address,
        input [7:0] writes_data
      );
        reg [11:0] words = 12'd0;

        assign reads_data = reads_address < 2'd3 ? words[{reads_address, 2'd0} +: 4] : 4'd0;

        always @(posedge clock) begin
          if (writes_enable[0]) begin
            case (writes_address[1:0])
              2'd0: words[3:0] <= writes_data[3:0];
              2'd1: words[7:4] <= writes_data[3:0];
              2'd2: words[11:8] <= writes_data[3:0];
              default: ;
            endcase
          end
          if (writes_enable[1]) begin
            case (writes_address[3:2])
              2'd0: words[3:0] <= writes_data[7:4];
              2'd1: words[7:4] <= writes_data[7:4];
              2'd2: words[11:8] <= writes_data[7:4];
              default: ;
            endcase
          end
        end
      endmodule
      """)
  }
}
