// ProcessingElement(lanes: 4, packing: none, activationBits: 8, weightBits: 8, accumulatorBits: 32, pipelining: standard)
module ProcessingElement_4_none_8_8_32_standard (
  input clock,
  input advance,
  input accumulate,
  input first,
  input [31:0] activations,
  input [31:0] weights,
  output [31:0] sum
);
  reg [63:0] products = 64'd0;
  reg [31:0] accumulator = 32'd0;
  wire [31:0] dotProduct;

  assign sum = accumulator;

  always @(posedge clock) begin
    if (advance) begin
      products[15:0] <= $signed(activations[7:0]) * $signed(weights[7:0]);
      products[31:16] <= $signed(activations[15:8]) * $signed(weights[15:8]);
      products[47:32] <= $signed(activations[23:16]) * $signed(weights[23:16]);
      products[63:48] <= $signed(activations[31:24]) * $signed(weights[31:24]);
      if (accumulate) begin
        accumulator <= (first ? 32'd0 : accumulator) + dotProduct;
      end
    end
  end

  wire [16:0] sum_products_0_products_1 =
      {products[15], products[15:0]} + {products[31], products[31:16]};
  wire [16:0] sum_products_2_products_3 =
      {products[47], products[47:32]} + {products[63], products[63:48]};
  wire [17:0] sum_products_32eb = {sum_products_0_products_1[16], sum_products_0_products_1} +
      {sum_products_2_products_3[16], sum_products_2_products_3};
  assign dotProduct = {{14{sum_products_32eb[17]}}, sum_products_32eb};
endmodule
