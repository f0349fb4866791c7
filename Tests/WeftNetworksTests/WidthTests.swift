import Testing
import WeftNetworks

/// Codes and weights of 4 to 16 bits.
@Suite struct WidthTests {
  @Test(arguments: QuantizationOptions.Bits.range) func codesAreThoseOfTheirWidth(bits: Int) {
    let end = 1 << (bits - 1)
    let quantization = Quantization(scale: 0.375, zeroPoint: 3 - end / 2, bits: bits)
    #expect(quantization.codes == -end...end - 1 && quantization.bits == bits)
    #expect(quantization.storage == (bits <= 8 ? .int8 : .int16))
    #expect(quantization.codes.allSatisfy { quantization.code(quantization.real($0)) == $0 })
    #expect(quantization.code(1e9) == end - 1 && quantization.code(.infinity) == end - 1)
    #expect(quantization.code(-1e9) == -end && quantization.code(-.infinity) == -end)
    #expect(quantization.code(quantization.real(end - 1) + 0.2) == end - 1)
    #expect(quantization.code(quantization.real(-end) - 0.2) == -end)
  }

  private func network() throws -> Network {
    try Network(named: "mixed") {
      Input("x", channels: 3, height: 6, width: 5)
      Convolution(4, kernel: 3, name: "first")
      LeakyReLU(0.2)
      Convolution(4, kernel: 3, name: "second")
      Label("trunk")
      Convolution(4, kernel: 1, name: "third")
      Add("trunk")
      MaxPool(2, stride: 1)
      Convolution(2, kernel: 1, name: "last")
    }
  }

  private func frame(_ network: Network) -> [[Float]] {
    var generator = SeededGenerator(seed: 5)
    return network.inputs.map { input in
      (0..<input.shape.count).map { _ in Float(Int.random(in: -999...999, using: &generator)) / 500 }
    }
  }

  private func quantized(_ options: QuantizationOptions) throws -> QuantizedNetwork {
    let network = try network()
    return try QuantizedNetwork(network, calibration: [frame(network)], options: options)
  }

  @Test func everyLayerHasItsOwnWidths() throws {
    let network = try quantized(
      .init(
        activationBits: 10, weightBits: 5,
        layers: [
          "first": .init(activations: 7, weights: 12), "third": .init(activations: 6, weights: 16),
          "maxpool_1": .init(activations: 5, weights: 8), "last": .init(activations: 4, weights: 4),
        ]))
    let layers = Dictionary(uniqueKeysWithValues: network.layers.map { ($0.name, $0) })
    #expect(network.inputs.map(\.quantization.bits) == [10])
    #expect(["first", "second", "third", "last"].map { layers[$0]?.weightBits } == [12, 5, 16, 4])
    // The sum reads the second and the third, which have one quantisation; the pooling has the codes of the sum.
    #expect(["first", "second", "third", "last"].map { layers[$0]?.outputBits } == [7, 6, 6, 4])
    for layer in network.layers where layer.reduction == .sum && layer.weightScales.count != 1 {
      let greatest = layer.weights.map(abs).max() ?? 0
      #expect(greatest < 1 << (layer.weightBits - 1), "\(layer.name)")
    }
    let first = try #require(layers["first"])
    #expect(first.weights.map(abs).max() == 2047 && first.outputQuantization.storage == .int8)
  }

  /// Every bit more makes the results closer; with 16 the rounding of float32 is all that is left to see.
  @Test func moreBitsAreCloserToFloat32() throws {
    let network = try BuiltInModel.avatarDecoder.network(scale: 8)
    let frame = frame(network)
    let exact = try FloatExecutor(network).run(frame)
    func noise(_ activationBits: Int, _ weightBits: Int) throws -> Float {
      let quantized = try QuantizedNetwork(
        network, calibration: [frame], options: .init(activationBits: activationBits, weightBits: weightBits))
      let inputs = zip(quantized.inputs, frame).map { input, values in
        values.map { Int32(input.quantization.code($0)) }
      }
      let codes = try ReferenceExecutor(quantized).run(inputs)
      var (noise, power) = (Float(0), Float(0))
      for (index, output) in quantized.outputs.enumerated() {
        let quantization = quantized.layers[output.layer].outputQuantization
        for (code, real) in zip(codes[index], exact[index]) {
          let difference = quantization.real(Int(code)) - real
          noise += difference * difference
          power += real * real
        }
      }
      return noise / power
    }
    let noises = try [4, 6, 8, 10, 12, 14].map { try noise($0, $0) }
    for (coarse, fine) in zip(noises, noises.dropFirst()) { #expect(fine < coarse / 4) }
    #expect(try noise(16, 16) < 1e-8)
    #expect(try noise(16, 6) > 1e-5 && noise(6, 16) > 1e-5)
  }

  /// A layer as large as the decoder's: its sums of 16-bit products take more than 39 bits.
  @Test func wideLayersOfFloat32Lower() throws {
    let network = try Network(named: "wide", seed: 2) {
      Input("x", channels: 64, height: 5, width: 5)
      Convolution(2, kernel: 5, weights: Array(repeating: 0.02, count: 2 * 64 * 25), biasValues: [1.5, -1.5])
    }
    let values = (0..<64 * 25).map { index in Float(index % 3 == 0 ? -1 : 1) }
    let quantized = try QuantizedNetwork(
      network, calibration: [[values]], options: .init(activationBits: 16, weightBits: 16))
    #expect(quantized.layers[0].accumulatorBits > 39)
    #expect(quantized.layers[0].weights.allSatisfy { $0 == 32767 })
    for sign in [1, -1] as [Int32] {
      let codes = values.map { (value: Float) -> Int32 in sign * (value < 0 ? -32767 : 32767) }
      try ReferenceExecutorTests.check(quantized, [codes], "sign \(sign)")
    }
  }

  @Test func whatThereIsNotIsRefused() throws {
    func message(_ options: QuantizationOptions) -> String {
      do {
        _ = try quantized(options)
        return ""
      } catch { return "\(error)" }
    }
    #expect(
      message(.init(layers: ["frist": .init(activations: 8, weights: 8)]))
        == "layer 'frist': widths are given for it, but the network has no such layer; its layers are first, second, "
        + "third, add_1, maxpool_1, last")
    #expect(
      message(.init(activationBits: 17)) == "network: activations of 17 bits are asked for; widths are 4 to 16 bits")
    #expect(
      message(.init(layers: ["last": .init(activations: 8, weights: 3)]))
        == "layer 'last': weights of 3 bits are asked for; widths are 4 to 16 bits")
  }

  /// A `Clip` stands for the bits that a type of a file has too many.
  @Test func filesHoldNarrowCodes() throws {
    let network = try quantized(.init(activationBits: 5, weightBits: 4))
    let file = try Network(onnx: network.qdqModel())
    #expect(try QuantizedNetwork(file) == network)
    let written = try network.qdqNetwork()
    #expect(file == written)
  }
}
