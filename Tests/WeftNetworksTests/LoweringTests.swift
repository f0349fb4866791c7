import Testing
import WeftNetworks

/// What becomes of the operators: which layers, and that they compute what the network says.
@Suite struct LoweringTests {
  private let shape = MapShape(channels: 2, height: 3, width: 4)

  private func convolution(_ channels: Int = 2) -> Network.Operation {
    .convolution(
      weights: .reals((0..<channels * 2).map { Float($0 % 3) - 1 }),
      bias: .reals(Array(repeating: 0.5, count: channels)), window: .pointwise)
  }

  private func lowered(_ operations: [Network.Operation]) throws -> QuantizedNetwork {
    var network = Network(name: "n", inputs: [.init(name: "x", shape: shape)])
    var value = Network.Source.input(0)
    for (index, operation) in operations.enumerated() {
      value = try network.append(operation, named: "/n.\(index)/Op", after: value)
    }
    network.outputs = [.init(name: "y", source: value)]
    let frame = (0..<shape.count).map { Float($0) / 4 - 2.6 }
    return try QuantizedNetwork(network, calibration: [[frame]])
  }

  @Test func pointwiseOperationsJoinTheConvolutionBefore() throws {
    let untied = Network.Operation.add(.reals((0..<24).map { Float($0) }))
    let network = try lowered([
      convolution(), untied, .rectify(slopes: [0.25, -1]), .rectify(slopes: [0.5]),
      .clip(lower: -1, upper: 9),
    ])
    let layer = try #require(network.layers.first)
    #expect(network.layers.count == 1)
    #expect(layer.name == "n_0_Op")
    #expect(layer.slopes == [0.125, -1])
    #expect(layer.clamp.upperBound == layer.outputQuantization.code(9))
    #expect(layer.bias.values.count == 24)
  }

  @Test func upsamplingJoinsTheConvolutionAfterAndLetsPointwiseOperationsPass() throws {
    let twice = Network.Operation.upsample(Upsampling(vertical: 2, horizontal: 2))
    let network = try lowered([convolution(), twice, .rectify(slopes: [0]), twice, convolution(3)])
    #expect(network.layers.map(\.upsampling.vertical) == [1, 4])
    #expect(network.layers[0].slopes == [0, 0])
    #expect(network.layers[1].outputShape == MapShape(channels: 3, height: 12, width: 16))
  }

  @Test func whatIsLeftOverPassesItsChannelsOn() throws {
    let twice = Network.Operation.upsample(Upsampling(vertical: 2, horizontal: 1))
    let trailing = try lowered([convolution(), twice])
    #expect(trailing.layers.map(\.weights) == [[-127, 0, 127, -127], [1, 0, 0, 1]])
    let untied = try lowered([twice, .add(.reals((0..<48).map { Float($0) }))])
    #expect(untied.layers.count == 1 && untied.layers[0].upsampling.vertical == 2)
    let afterwards = try lowered([convolution(), .rectify(slopes: [0]), .add(.reals([1]))])
    #expect(afterwards.layers.count == 2)
    #expect(try lowered([.rectify(slopes: [0])]).layers.count == 1)
    #expect(try lowered([]).layers.count == 1)
    let padded = try lowered([.pad(Padding(1)), .pad(Padding(2)), convolution()])
    #expect(padded.layers.map(\.padding) == [Padding(1), Padding(2)])
  }

  @Test func wholeNumbersKeepTheirValues() throws {
    let network = Network(
      name: "n", inputs: [.init(name: "x", shape: shape)],
      outputs: [.init(name: "y", source: .input(0))])
    func input(_ values: ClosedRange<Int>) throws -> Quantization {
      let frame = (0..<shape.count).map {
        Float(min(values.lowerBound + $0 * 11, values.upperBound))
      }
      return try QuantizedNetwork(network, calibration: [[frame]]).inputs[0].quantization
    }
    #expect(try input(-9...9) == Quantization(scale: 1, zeroPoint: 0, storage: .int8))
    #expect(try input(0...255) == Quantization(scale: 1, zeroPoint: -128, storage: .int8))
    #expect(try input(-100...130).scale != 1)
  }

  /// A bias beyond what fine weights could express makes its channel's weights coarser.
  @Test func greatBiasesFitTheirAccumulator() throws {
    let untied = Network.Operation.add(.reals((0..<24).map { $0 == 23 ? 1e9 : 0 }))
    let layer = try #require(lowered([convolution(), untied]).layers.first)
    #expect(layer.bias.values.allSatisfy { Int32(exactly: $0) != nil })
    #expect(Double(layer.bias.values[23]) >= 0x1p29)
    #expect(layer.weightScales[1] > 100 * layer.weightScales[0])
  }

  @Test func namesAreLegalAndUnique() throws {
    var network = Network(name: "n", inputs: [.init(name: "x", shape: shape)])
    for name in ["9 $(rm)", "a/b", "A.B", "", "\u{1B}ä"] {
      let value = try network.append(convolution(), named: name, after: .input(0))
      network.outputs.append(.init(name: name, source: value))
    }
    let lowered = try QuantizedNetwork(
      network, calibration: [[Array(repeating: 1, count: shape.count)]])
    #expect(lowered.layers.map(\.name) == ["layer_9_rm", "a_b", "A_B_2", "layer", "layer_2"])
  }

  @Test func branchesShareTheirTrunk() throws {
    let network = try QuantizedNetwork(PhotoDecoderTests.model("128_u8"))
    let branches = network.branches
    #expect(branches.map(\.layers.count) == [4, 3])
    #expect(branches.map { Array($0.shared) } == [[0, 1], [0, 1]])
    #expect(Set(branches.flatMap(\.own)) == [2, 3, 4])
    #expect(network.consumers(of: .layer(1)).count == 2)
  }

  /// Integers recompute the network of float32, on the frames that it was calibrated on, whatever
  /// the operators are: 16 bits leave little but the weights' rounding.
  @Test func quantizedRandomNetworksAreCloseToFloat32() throws {
    for seed in 0..<60 as Range<UInt64> {
      let random = RandomNetwork(seed: seed)
      let frame = random.frames(1)
      func outputs(_ bits: Int) throws -> [[Float]] {
        let network = try QuantizedNetwork(
          random.network, calibration: frame, options: .init(activationBits: bits))
        let inputs = zip(network.inputs, frame[0]).map { input, values in
          values.map { Int32(input.quantization.code($0)) }
        }
        let codes = try ReferenceExecutor(network).run(inputs)
        return zip(codes, network.outputs).map { codes, output in
          codes.map { network.layers[output.layer].outputQuantization.real(Int($0)) }
        }
      }
      for (narrow, wide) in try zip(outputs(8), outputs(16)) {
        let power = wide.reduce(0) { $0 + $1 * $1 }
        let noise = zip(narrow, wide).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        #expect(noise <= 0.01 * power + 1e-6, "seed \(seed)")
      }
    }
  }

  @Test func qdqModelsGiveTheSameLayersAgain() throws {
    for seed in 0..<60 as Range<UInt64> {
      let random = RandomNetwork(seed: seed)
      #expect(
        try Network(onnx: random.network.onnxModel()) == random.network, "seed \(seed)")
      var options = try random.mixedBits()
      options.isSymmetric = seed % 8 < 4
      let network = try random.quantized(options)
      let again = try QuantizedNetwork(Network(onnx: network.qdqModel()))
      #expect(again == network, "seed \(seed)")
    }
  }
}
