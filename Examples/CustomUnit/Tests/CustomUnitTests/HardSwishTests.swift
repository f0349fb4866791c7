import CustomUnit
import Testing
import Weft
import WeftAccelerators
import WeftNetworks
import WeftSimulation

/// A grid of units with a hard swish against the reference executor, whose results pass through the hard swish layer
/// by layer.
@Suite(.serialized) struct HardSwishTests {
  @Test func followsTheRealFunction() {
    for scale: Float in [0.02, 0.05, 0.3] {
      let quantization = Quantization(scale: scale, zeroPoint: -5, storage: .int8)
      let hardSwish = HardSwish(quantization)
      for code in quantization.codes {
        let x = quantization.real(code)
        let expected = quantization.code(x * min(max(x + 3, 0), 6) / 6)
        #expect(abs(hardSwish(code) - expected) <= 2, "code \(code) at a step of \(scale)")
      }
    }
  }

  @Test(arguments: [EngineKind.interpreter, .verilator])
  func gridEqualsTheReference(engine: EngineKind) throws {
    let seed: UInt64 = 11
    var random = SplitMix64(seed: seed)
    let network = Self.network(&random)
    let plan = Plan(
      network: network.name,
      stages: [
        Plan.Stage(name: "first", unit: UnitConfiguration(cpf: 2, kpf: 3, h: 2)),
        Plan.Stage(name: "second", unit: UnitConfiguration(cpf: 4, kpf: 1, h: 1)),
      ])
    let grid = try Grid<HardSwishUnit>(network, plan: plan)
    let frames = (0..<2).map { _ in (0..<network.inputs[0].shape.count).map { _ in Self.code(&random) } }

    let sim = try Simulation(grid, engine: engine)
    let driver = StreamDriver(sim, \.inputs[0], stalls: .random(seed: seed))
    let monitor = StreamMonitor(sim, \.outputs[0], stalls: .random(seed: seed + 1))
    for frame in frames { driver.send(contentsOf: grid.inputOrders[0].indices.map { Int(frame[$0[0]]) }) }
    let order = grid.outputOrders[0].indices
    sim.reset()
    try StreamBench(sim, driver, monitor).run(until: { monitor.count == frames.count * order.count }, limit: 200_000)

    let expected = try frames.flatMap { frame in
      let map = try Self.reference(network, frame)
      return order.map { map[$0[0]] }
    }
    #expect(monitor.values == expected, "seed \(seed)")
  }

  /// A 3x3 convolution of an upsampled map and a 1x1 convolution.
  private static func network(_ random: inout SplitMix64) -> QuantizedNetwork {
    let shape = MapShape(channels: 3, height: 5, width: 4)
    let quantization = Quantization(scale: 0.05, zeroPoint: 0, storage: .int8)
    let first = QuantizedLayer(
      name: "first", source: .input(0), inputShape: shape, upsampling: Upsampling(vertical: 2, horizontal: 2),
      window: ConvolutionWindow(kernelHeight: 3, kernelWidth: 3, padding: Padding(1)), inputQuantization: quantization,
      weights: (0..<4 * 27).map { _ in code(&random) }, weightScales: Array(repeating: 0.003, count: 4),
      bias: .perChannel([100, -2000, 3000, 0]), convolutionQuantization: quantization)
    let second = QuantizedLayer(
      name: "second", source: .layer(0), inputShape: first.outputShape, window: .pointwise,
      inputQuantization: quantization, weights: (0..<2 * 4).map { _ in code(&random) },
      weightScales: Array(repeating: 0.008, count: 2), bias: .perChannel([500, -500]),
      convolutionQuantization: quantization)
    return QuantizedNetwork(
      name: "hard swish", inputs: [.init(name: "image", shape: shape, quantization: quantization)],
      layers: [first, second], outputs: [.init(name: "result", layer: 1)])
  }

  /// Every layer by itself, with the hard swish behind it.
  private static func reference(_ network: QuantizedNetwork, _ frame: [Int32]) throws -> [Int] {
    var map = frame
    for var layer in network.layers {
      layer.sources = [.input(0)]
      let input = QuantizedNetwork.Input(
        name: "map", shape: layer.inputShape, quantization: layer.inputQuantization)
      let single = QuantizedNetwork(
        name: layer.name, inputs: [input], layers: [layer], outputs: [.init(name: "map", layer: 0)])
      let hardSwish = HardSwish(layer.outputQuantization)
      map = try ReferenceExecutor(single).run([map])[0].map { Int32(hardSwish(Int($0))) }
    }
    return map.map(Int.init)
  }

  private static func code(_ random: inout SplitMix64) -> Int32 { Int32(Int8(truncatingIfNeeded: random.next())) }
}
