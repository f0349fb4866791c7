// ComputeEngine(lanes: 4, kpf: 4, packing: none, activationBits: 8, weightBits: 8, accumulatorBits: 32, pipelining: standard)
module ComputeEngine_4_4_none_8_8_32_standard (
  input clock,
  input advance,
  input accumulate,
  input first,
  input [31:0] activations,
  input [127:0] weights,
  output [127:0] sums
);
  wire [31:0] pe0_sum;
  wire [31:0] pe1_sum;
  wire [31:0] pe2_sum;
  wire [31:0] pe3_sum;

  assign sums = {pe3_sum, pe2_sum, pe1_sum, pe0_sum};

  ProcessingElement_4_none_8_8_32_standard pe0 (
    .clock(clock),
    .advance(advance),
    .accumulate(accumulate),
    .first(first),
    .activations(activations),
    .weights(weights[31:0]),
    .sum(pe0_sum)
  );

  ProcessingElement_4_none_8_8_32_standard pe1 (
    .clock(clock),
    .advance(advance),
    .accumulate(accumulate),
    .first(first),
    .activations(activations),
    .weights(weights[63:32]),
    .sum(pe1_sum)
  );

  ProcessingElement_4_none_8_8_32_standard pe2 (
    .clock(clock),
    .advance(advance),
    .accumulate(accumulate),
    .first(first),
    .activations(activations),
    .weights(weights[95:64]),
    .sum(pe2_sum)
  );

  ProcessingElement_4_none_8_8_32_standard pe3 (
    .clock(clock),
    .advance(advance),
    .accumulate(accumulate),
    .first(first),
    .activations(activations),
    .weights(weights[127:96]),
    .sum(pe3_sum)
  );
endmodule
