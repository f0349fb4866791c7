// BlockRAMFIFO<Signed>(payload: Signed(8), depth: 1024, style: block)
module BlockRAMFIFO_Signed_s8_1024_block (
  input clock,
  input reset,
  input [7:0] input_payload,
  input input_valid,
  output input_ready,
  output [7:0] output_payload,
  output output_valid,
  input output_ready,
  output [10:0] count
);
  reg [10:0] stored = 11'd0;
  reg isOffering = 1'b0;
  reg [9:0] readAddress = 10'd0;
  wire fetches;
  reg [7:0] words_read = 8'd0;
  reg [9:0] writeAddress = 10'd0;

  (* ram_style = "block" *)
  reg [7:0] words [0:1023];
  initial $readmemh("BlockRAMFIFO_Signed_s8_1024_block_words.hex", words);

  always @(posedge clock) begin
    if (fetches) begin
      words_read <= words[readAddress];
    end
  end

  assign input_ready = stored != 11'd1024;
  assign output_payload = words_read;
  assign output_valid = isOffering;
  wire [11:0] sum_stored_isOffering = {1'b0, stored} + {11'd0, isOffering};
  assign count = sum_stored_isOffering[10:0];

  wire and_input_valid_input_ready = input_valid & input_ready;
  always @(posedge clock) begin
    if (reset) begin
      stored <= 11'd0;
    end else if (and_input_valid_input_ready ^ fetches) begin
      stored <= fetches ? stored - 11'd1 : stored + 11'd1;
    end
  end

  wire or_not_isOffering_output_ready = ~isOffering | output_ready;
  always @(posedge clock) begin
    if (reset) begin
      isOffering <= 1'b0;
    end else if (or_not_isOffering_output_ready) begin
      isOffering <= fetches;
    end
  end

  always @(posedge clock) begin
    if (reset) begin
      readAddress <= 10'd0;
    end else if (fetches) begin
      readAddress <= readAddress + 10'd1;
    end
  end

  assign fetches = (stored != 11'd0) & or_not_isOffering_output_ready;

  always @(posedge clock) begin
    if (reset) begin
      writeAddress <= 10'd0;
    end else if (and_input_valid_input_ready) begin
      writeAddress <= writeAddress + 10'd1;
    end
  end

  always @(posedge clock) begin
    if (and_input_valid_input_ready) begin
      words[writeAddress] <= input_payload;
    end
  end

  wire unused = &{1'b0, sum_stored_isOffering[11]};
endmodule
