import Testing
import WeftNetworks

/// The executor against the definition, written out value by value.
@Suite struct ReferenceExecutorTests {
  static func defined(_ layer: QuantizedLayer, _ map: [Int32]) -> [Int32] {
    let (input, output) = (layer.inputShape, layer.outputShape)
    var results: [Int32] = []
    for channel in 0..<output.channels {
      for row in 0..<output.height {
        for column in 0..<output.width {
          var sum: Int64 =
            switch layer.bias {
            case .perChannel(let values): values[channel]
            case .perPixel(let values):
              values[(channel * output.height + row) * output.width + column]
            }
          for source in 0..<input.channels {
            for kernelRow in 0..<layer.kernelHeight {
              for kernelColumn in 0..<layer.kernelWidth {
                let y = row * layer.strideVertical + kernelRow - layer.padding.top
                let x = column * layer.strideHorizontal + kernelColumn - layer.padding.left
                guard (0..<layer.upsampledShape.height).contains(y),
                  (0..<layer.upsampledShape.width).contains(x)
                else { continue }
                let place =
                  (source * input.height + y / layer.upsampling.vertical) * input.width
                  + x / layer.upsampling.horizontal
                let weight =
                  layer.weights[
                    ((channel * input.channels + source) * layer.kernelHeight + kernelRow)
                      * layer.kernelWidth + kernelColumn]
                sum += Int64(weight) * (Int64(map[place]) - Int64(layer.inputZeroPoint))
              }
            }
          }
          let factors = layer.requantization[channel]
          let factor = sum < 0 ? factors.negative : factors.positive
          let code = min(
            max(Int(factor(sum)) + layer.outputZeroPoint, layer.clamp.lowerBound),
            layer.clamp.upperBound)
          results.append(
            Int32(layer.table?[code - layer.convolutionQuantization.codes.lowerBound] ?? code))
        }
      }
    }
    return results
  }

  static func check(_ network: QuantizedNetwork, _ inputs: [[Int32]], _ origin: String) throws {
    let maps = try ReferenceExecutor(network).maps(inputs)
    for (index, layer) in network.layers.enumerated() {
      let source =
        switch layer.source {
        case .input(let input): inputs[input]
        case .layer(let layer): maps[layer]
        }
      let difference = zip(maps[index], defined(layer, source)).enumerated().first {
        $1.0 != $1.1
      }
      #expect(difference == nil, "\(origin), layer \(layer.name)")
      #expect(maps[index].count == layer.outputShape.count)
    }
  }

  @Test func randomNetworksFollowTheDefinition() throws {
    for seed in 0..<40 as Range<UInt64> {
      let random = RandomNetwork(seed: seed)
      var options = try random.mixedBits()
      options.isSymmetric = seed % 2 == 0
      let network = try random.quantized(options)
      let inputs = zip(network.inputs, random.frames(3)[2]).map { input, values in
        values.map { Int32(input.quantization.code($0)) }
      }
      try Self.check(network, inputs, "seed \(seed)")
    }
  }

  /// Sums beyond 32 bits, weights of 16 bits, a table, and codes at the ends of their range.
  @Test func wideSumsFollowTheDefinition() throws {
    var generator = SeededGenerator(seed: 7)
    let input = Quantization(scale: 0.5, zeroPoint: -32768, storage: .int16)
    let output = Quantization(scale: 3e6, zeroPoint: -3, storage: .int8)
    let shape = MapShape(channels: 3, height: 5, width: 4)
    let layer = QuantizedLayer(
      name: "wide", source: .input(0), inputShape: shape,
      upsampling: Upsampling(vertical: 1, horizontal: 3),
      window: ConvolutionWindow(
        kernelHeight: 3, kernelWidth: 2, strideVertical: 2, strideHorizontal: 3,
        padding: Padding(top: 2, left: 0, bottom: 1, right: 1)),
      inputQuantization: input,
      weights: (0..<36).map { _ in Int32.random(in: -32768...32767, using: &generator) },
      weightBits: 16, weightScales: [1, 0.75],
      bias: .perPixel((0..<24).map { _ in .random(in: -1 << 36...1 << 36, using: &generator) }),
      slopes: [-0.5, 0], convolutionQuantization: output, clamp: -100...90,
      steps: [.rectify(slope: 0.25), .add(1e6), .quantize(output)])
    #expect(layer.accumulatorBits > 32 && layer.accumulatorBits < 40)
    #expect(layer.outputShape == MapShape(channels: 2, height: 3, width: 4))
    let network = QuantizedNetwork(
      name: "wide", inputs: [.init(name: "x", shape: shape, quantization: input)], layers: [layer],
      outputs: [.init(name: "y", layer: 0)])
    let codes = (0..<60).map { _ in [-32768, 32767, 5].randomElement(using: &generator) ?? 0 }
    try Self.check(network, [codes.map { Int32($0) }], "seed 7")
  }

  /// Products and the folded bias fill the accumulator, in the worst order, and no less would do.
  @Test func accumulatorsAreAsWideAsTheWorstCase() {
    let codes = Quantization(scale: 1, zeroPoint: 0, storage: .int8)
    func bits(_ weights: [Int32], _ bias: Int64, zeroPoint: Int = 0) -> Int {
      var input = codes
      input.zeroPoint = zeroPoint
      return QuantizedLayer(
        name: "a", source: .input(0),
        inputShape: MapShape(channels: weights.count, height: 1, width: 1), window: .pointwise,
        inputQuantization: input, weights: weights, weightScales: [1], bias: .perChannel([bias]),
        convolutionQuantization: codes
      ).accumulatorBits
    }
    #expect(bits([1], 0) == 8)
    #expect(bits([-1], 0) == 9)
    #expect(bits([-1], -1) == 9)
    #expect(bits([1], 1) == 9)
    #expect(bits([1], -1) == 9)
    #expect(bits([1, -1], 0) == 9)
    #expect(bits([127, 127], 255) == 16)
    #expect(bits([127, 127], 509) == 16)
    #expect(bits([127, 127], 510) == 17)
    // The correction for the zero point is part of the folded bias.
    #expect(bits([1], 0, zeroPoint: -128) == 9)
  }

  @Test func inputsMustFit() throws {
    let network = try RandomNetwork(seed: 1).quantized()
    let executor = try ReferenceExecutor(network)
    #expect(throws: NetworkError.self) { try executor.run([]) }
    #expect(throws: NetworkError.self) { try executor.run(network.inputs.map { _ in [] }) }
    #expect(throws: NetworkError.self) {
      try executor.run(network.inputs.map { Array(repeating: 128, count: $0.shape.count) })
    }
  }
}
