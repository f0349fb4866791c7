import Testing
import Weft
import WeftAccelerators
import WeftExploration
import WeftNetworks
import WeftSimulation

/// Grids against the reference executor, on the interpreter.
@Suite struct GridTests {
  /// A seeded layer of its own.
  static func layer(
    _ random: inout SplitMix64, name: String, source: LayerSource, input: MapShape, quantization: Quantization
  ) -> QuantizedLayer {
    func pick(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    let upsampling = Upsampling(vertical: pick(1...3), horizontal: pick(1...3))
    let (kernelHeight, kernelWidth) = (pick(1...4), pick(1...4))
    var window: ConvolutionWindow
    var size: (height: Int, width: Int)
    let keepsSize = pick(0...1) == 0
    repeat {
      let (above, before) = (pick(0...kernelHeight - 1), pick(0...kernelWidth - 1))
      window = keepsSize ? ConvolutionWindow(
        kernelHeight: kernelHeight, kernelWidth: kernelWidth,
        padding: Padding(
          top: above, left: before, bottom: kernelHeight - 1 - above, right: kernelWidth - 1 - before))
        : ConvolutionWindow(
        kernelHeight: kernelHeight, kernelWidth: kernelWidth, strideVertical: pick(1...3),
        strideHorizontal: pick(1...3),
        padding: Padding(top: pick(0...3), left: pick(0...3), bottom: pick(0...3), right: pick(0...3)))
      size = window.outputSize(
        height: input.height * upsampling.vertical, width: input.width * upsampling.horizontal)
    } while size.height < 1 || size.width < 1
    let channels = pick(1...5)
    // Half the layers have widths of their own.
    let (bits, weightBits) = pick(0...1) == 0 ? (8, 8) : (pick(4...16), pick(4...16))
    let greatest = 1 << (weightBits - 1) - 1
    let weights = (0..<(channels * input.channels * kernelHeight * kernelWidth)).map { _ in
      Int32(pick(-greatest...greatest))
    }
    let output = Quantization(scale: 1, zeroPoint: pick(-20...20) * (1 << bits) / 256, bits: bits)
    let isUntied = pick(0...3) == 0
    // As much as those of 8 bits: sums stay in proportion to their products, and codes to their range.
    let productBits = quantization.bits + weightBits
    let greatestBias = (5000 << productBits) >> 16
    let scale = Float(sign: .plus, exponent: bits + 8 - productBits, significand: 1)
    return QuantizedLayer(
      name: name, source: source, inputShape: input, upsampling: upsampling, window: window,
      inputQuantization: quantization, weights: weights, weightBits: weightBits,
      weightScales: (0..<channels).map { _ in scale * Float.random(in: 0.0005...0.01, using: &random) },
      bias: isUntied
        ? .perPixel((0..<(channels * size.height * size.width)).map { _ in Int64(pick(-greatestBias...greatestBias)) })
        : .perChannel((0..<channels).map { _ in Int64(pick(-greatestBias...greatestBias)) }),
      slopes: pick(0...1) == 0 ? nil : (0..<channels).map { _ in Float.random(in: -0.5...1, using: &random) },
      convolutionQuantization: output)
  }

  static func network(seed: UInt64) -> QuantizedNetwork {
    var random = SplitMix64(seed: seed)
    var quantization = Quantization(
      scale: 1, zeroPoint: Int.random(in: -5...5, using: &random),
      bits: Bool.random(using: &random) ? 8 : .random(in: 4...16, using: &random))
    var shape = MapShape(
      channels: .random(in: 1...5, using: &random), height: .random(in: 1...7, using: &random),
      width: .random(in: 1...7, using: &random))
    let input = QuantizedNetwork.Input(name: "input", shape: shape, quantization: quantization)
    var layers: [QuantizedLayer] = []
    for index in 0..<Int.random(in: 1...3, using: &random) {
      let next = layer(
        &random, name: "layer\(index)", source: index == 0 ? .input(0) : .layer(index - 1), input: shape,
        quantization: quantization)
      layers.append(next)
      shape = next.outputShape
      quantization = next.outputQuantization
      if shape.count > 2000 { break }
    }
    return QuantizedNetwork(
      name: "random", inputs: [input], layers: layers, outputs: [.init(name: "result", layer: layers.count - 1)])
  }

  @Test(arguments: 0..<40) func randomGridsEqualTheReference(seed: UInt64) throws {
    let network = Self.network(seed: seed)
    var random = SplitMix64(seed: seed &+ 1000)
    // The ports are driven by hand here, without a memory.
    var plan = Plan(randomFor: network, using: &random).withWeights(in: .chip, for: network)
    for stage in plan.stages.indices { plan.stages[stage].unit.biasStore = .chip }
    let grid = try ElasticGrid(network, plan: plan)
    let codes = network.inputs[0].quantization.codes
    let frames = (0..<3).map { _ in
      (0..<network.inputs[0].shape.count).map { _ in Int32(Int.random(in: codes, using: &random)) }
    }
    let expected = try frames.map { try ReferenceExecutor(network).run([$0])[0] }
    for isStalled in [false, true] {
      let sim = try Simulation(grid)
      let stalls: Stalls = isStalled ? .random(seed: seed) : .none
      let driver = StreamDriver(sim, \.inputs[0], stalls: stalls)
      let monitor = StreamMonitor(sim, \.outputs[0], stalls: stalls)
      for frame in frames { driver.send(contentsOf: grid.inputOrders[0].indices.map { Int(frame[$0[0]]) }) }
      let order = grid.outputOrders[0].indices
      let bench = StreamBench(sim, driver, monitor)
      sim.reset()
      try bench.run(
        until: { monitor.count == 3 * order.count }, limit: 20 * grid.cost.predictedCyclesPerFrame + 5000)
      for frame in 0..<3 {
        var map = [Int32](repeating: 0, count: expected[0].count)
        for (transfer, indices) in order.enumerated() {
          for (lane, value) in zip(indices, monitor.vector(at: frame * order.count + transfer)) where lane >= 0 {
            map[lane] = Int32(value)
          }
        }
        #expect(map == expected[frame], "seed \(seed), frame \(frame), stalls \(isStalled), plan \(plan)")
      }
    }
  }
}
