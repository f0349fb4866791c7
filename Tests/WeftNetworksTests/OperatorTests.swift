import Testing
import WeftNetworks

/// Networks of every operator: what is computed, and that files and integers keep it.
@Suite struct OperatorTests {
  static let bounds = RandomNetwork.Bounds(hasAllOperators: true)

  /// The executor fuses and reshapes; the plain computation does not.
  @Test func randomNetworksAreWhatTheirOperatorsSay() throws {
    var kinds: Set<String> = []
    for seed in 0..<200 as Range<UInt64> {
      let random = RandomNetwork(seed: seed, bounds: Self.bounds)
      kinds.formUnion(random.network.nodes.map(\.operation.operatorName))
      let frame = random.frames(1)[0]
      let expected = PlainNetwork(network: random.network).outputs(frame)
      for (result, plain) in zip(try FloatExecutor(random.network).run(frame), expected) {
        let greatest = plain.reduce(1) { max($0, abs($1)) }
        #expect(result.count == plain.count, "seed \(seed)")
        #expect(zip(result, plain).allSatisfy { abs($0 - $1) <= 1e-4 * greatest }, "seed \(seed)")
      }
    }
    #expect(kinds.isSuperset(of: ["Conv", "Gemm", "MaxPool", "Add", "Concat", "Reshape", "Flatten", "Resize"]))
  }

  @Test func filesAndIntegersKeepThem() throws {
    for seed in 0..<100 as Range<UInt64> {
      let random = RandomNetwork(seed: seed, bounds: Self.bounds)
      #expect(try Network(onnx: random.network.onnxModel()) == random.network, "seed \(seed)")
      var options = try random.mixedBits()
      options.isSymmetric = seed % 8 < 4
      let network = try random.quantized(options)
      let again = try QuantizedNetwork(Network(onnx: network.qdqModel()))
      #expect(again == network, "seed \(seed)")
    }
  }

  /// With 16 bits little but the rounding of the weights is left of the difference to float32.
  @Test func integersAreCloseToFloat32() throws {
    for seed in 0..<60 as Range<UInt64> {
      let random = RandomNetwork(seed: seed, bounds: Self.bounds)
      let frame = random.frames(1)
      let network = try QuantizedNetwork(random.network, calibration: frame, options: .init(activationBits: 16))
      let inputs = zip(network.inputs, frame[0]).map { input, values in
        values.map { Int32(input.quantization.code($0)) }
      }
      let codes = try ReferenceExecutor(network).run(inputs)
      for (index, plain) in PlainNetwork(network: random.network).outputs(frame[0]).enumerated() {
        let quantization = network.layers[network.outputs[index].layer].outputQuantization
        let power = plain.reduce(Float(0)) { $0 + $1 * $1 }
        let noise = zip(codes[index], plain).reduce(Float(0)) { sum, pair in
          let difference = quantization.real(Int(pair.0)) - pair.1
          return sum + difference * difference
        }
        #expect(noise <= 0.01 * power + 1e-6, "seed \(seed)")
      }
    }
  }

  /// The reference of a layer that reads several maps, and of a pooling, against their definitions.
  @Test func layersJoinAndPoolCodes() throws {
    let network = try Network(named: "n") {
      Input("a", channels: 2, height: 3, width: 4)
      Input("b", channels: 1, height: 3, width: 4)
      Concatenate("a", "b")
      MaxPool(2, stride: 1, padding: Padding(top: 1, left: 0, bottom: 0, right: 0))
      Output("pooled")
      From("a")
      Add("a")
      Output("sum")
    }
    let a = (0..<24).map { Float($0 * 7 % 24 - 12) }
    let b = (0..<12).map { Float($0 * 5 % 12 - 6) }
    let quantized = try QuantizedNetwork(network, calibration: [[a, b]])
    // Joined maps are pooled one by one.
    #expect(quantized.layers.map(\.reduction) == [.maximum, .maximum, .sum, .sum])
    #expect(
      quantized.layers.map(\.sources) == [
        [.input(0)], [.input(1)], [.input(0), .input(0)], [.layer(0), .layer(1)],
      ])
    // Whole numbers that fit keep their values, in both inputs alike.
    #expect(quantized.inputs.allSatisfy { $0.quantization.scale == 1 && $0.quantization.zeroPoint == 0 })
    let results = try ReferenceExecutor(quantized).run([a.map { Int32($0) }, b.map { Int32($0) }])
    let expected = PlainNetwork(network: network).outputs([a, b])
    for (index, output) in quantized.outputs.enumerated() {
      let step = quantized.layers[output.layer].outputQuantization
      #expect(zip(results[index], expected[index]).allSatisfy { abs(step.real(Int($0)) - $1) <= step.scale })
    }
  }

  /// A fully connected layer is a convolution whose window is the map; a reshaped input keeps the shape it is seen in.
  @Test func vectorsLowerToMaps() throws {
    let network = try Network(named: "n") {
      Input("code", elements: 24)
      Reshape(channels: 2, height: 3, width: 4)
      Convolution(3, kernel: 3)
      ReLU()
      Flatten()
      FullyConnected(5)
      ReLU()
    }
    let frame = (0..<24).map { Float($0) / 12 - 1 }
    let quantized = try QuantizedNetwork(network, calibration: [[frame]])
    #expect(quantized.inputs.map(\.shape) == [MapShape(channels: 2, height: 3, width: 4)])
    #expect(quantized.layers.map(\.window.kernelHeight) == [3, 3] && quantized.layers[1].kernelWidth == 4)
    #expect(quantized.layers[1].outputShape == MapShape(channels: 5, height: 1, width: 1))
    let array = try NumpyArray(shape: [1, 24], reals: frame)
    #expect(try array.frames(of: quantized.inputs[0].shape, input: "code") == [frame])
  }

  @Test func mapsThatDoNotFitAreRefused() throws {
    func message(@NetworkBuilder _ elements: () -> [any NetworkElement]) -> String {
      do throws(NetworkError) {
        _ = try Network(named: "n", elements)
        return "none"
      } catch {
        return error.description
      }
    }
    #expect(
      message { Convolution(1, kernel: 1) } == "network 'n': its first element reads nothing; begin with an Input")
    let input = Input("x", channels: 4, height: 3, width: 3)
    #expect(
      message {
        input
        Concatenate("y")
      } == "network 'n': no value is named 'y'; name one with Label before it is used; inputs have their own names")
    #expect(
      message {
        input
        Convolution(3, kernel: 3, groups: 2, name: "c")
      } == "Conv 'c': 3 output channels do not make 2 equal groups")
    #expect(
      message {
        input
        Convolution(2, kernel: 1, weights: [1, 2, 3], name: "c")
      } == "Conv 'c': it has 3 weights; give 2 x 4 x 1 x 1")
    #expect(
      message {
        input
        Flatten()
        MaxPool(2)
      } == "MaxPool 'maxpool_1': it reads a vector of 36 elements; reshape it to a map of four dimensions first")
    #expect(
      message {
        input
        Label("x")
      } == "network 'n': two values are named 'x'; give each its own name")
  }
}
