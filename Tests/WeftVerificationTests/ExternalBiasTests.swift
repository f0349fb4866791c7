import Testing
import WeftAccelerators
import WeftNetworks
import WeftSimulation
import WeftVerification

/// Untied biases from external memory: through one port, whatever comes late or stalls.
@Suite struct ExternalBiasTests {
  /// Two layers with untied biases, the second after upsampling.
  static let network: QuantizedNetwork = {
    var random = SplitMix64(seed: 21)
    let first = layer(
      "first", .input(0), MapShape(channels: 3, height: 5, width: 6), factor: 1, kernel: 3, using: &random)
    let second = layer("second", .layer(0), first.outputShape, factor: 2, kernel: 5, using: &random)
    return network("untied", of: [first, second])
  }()

  private static let codes = Quantization(scale: 1, zeroPoint: -3, storage: .int8)

  /// A layer of four channels.
  private static func layer(
    _ name: String, _ source: LayerSource, _ input: MapShape, factor: Int, kernel: Int, using random: inout SplitMix64
  ) -> QuantizedLayer {
    QuantizedLayer(
      name: name, source: source, inputShape: input, upsampling: Upsampling(vertical: factor, horizontal: factor),
      window: ConvolutionWindow(kernelHeight: kernel, kernelWidth: kernel, padding: Padding(kernel / 2)),
      inputQuantization: codes,
      weights: (0..<4 * input.channels * kernel * kernel).map { _ in .random(in: -127...127, using: &random) },
      weightScales: (0..<4).map { _ in Float.random(in: 0.002...0.005, using: &random) },
      bias: .perPixel(
        (0..<4 * input.height * input.width * factor * factor).map { _ in
          .random(in: -20_000...20_000, using: &random)
        }),
      slopes: Array(repeating: 0.2, count: 4), convolutionQuantization: codes)
  }

  private static func network(_ name: String, of layers: [QuantizedLayer]) -> QuantizedNetwork {
    QuantizedNetwork(
      name: name, inputs: [.init(name: "x", shape: layers[0].inputShape, quantization: codes)], layers: layers,
      outputs: [.init(name: "y", layer: layers.count - 1)])
  }

  /// What the two stages are built from.
  enum Variant: String, CaseIterable {
    case oneLane, severalLanes, phases, mixed

    var units: [UnitConfiguration] {
      switch self {
      case .oneLane:
        [
          UnitConfiguration(cpf: 3, kpf: 2, biasStore: .external),
          UnitConfiguration(cpf: 4, kpf: 4, h: 2, biasStore: .external),
        ]
      case .severalLanes:
        [
          UnitConfiguration(cpf: 3, kpf: 4, h: 3, rowLanes: 2, channelLanes: 2, biasStore: .external),
          UnitConfiguration(cpf: 2, kpf: 4, h: 4, rowLanes: 3, channelLanes: 4, packing: .wide, biasStore: .external),
        ]
      case .phases:
        [
          UnitConfiguration(cpf: 3, kpf: 4, h: 2, rowLanes: 2, channelLanes: 4, biasStore: .external),
          UnitConfiguration(
            cpf: 4, kpf: 6, h: 2, taps: 2, rowLanes: 2, channelLanes: 2, decomposes: true, packing: .wide,
            biasStore: .external),
        ]
      case .mixed:
        [UnitConfiguration(cpf: 3, kpf: 2), UnitConfiguration(cpf: 2, kpf: 4, decomposes: true, biasStore: .external)]
      }
    }

    /// The grid, or the same one with all biases on the chip.
    func grid(onChip: Bool = false) throws -> ElasticGrid {
      let stages = zip(network.layers, units).map { layer, unit in
        var unit = unit
        if onChip { unit.biasStore = .chip }
        return Plan.Stage(name: layer.name, unit: unit)
      }
      return try ElasticGrid(network, plan: Plan(network: network.name, stages: stages))
    }
  }

  static let frames: [[[Int32]]] = {
    var random = SplitMix64(seed: 22)
    return (0..<3).map { _ in [(0..<90).map { _ in .random(in: -128...127, using: &random) }] }
  }()

  /// Runs the frames with and without stalls and late words, the second time in one simulation after the other.
  private static func check(_ variant: Variant, engine: EngineKind) throws {
    let grid = try variant.grid()
    let expected = try frames.map { try ReferenceExecutor(network).run($0) }
    for stalls in [nil, 5] as [UInt64?] {
      let simulation = try GridSimulation(grid, engine: engine, stalls: stalls)
      for count in [2, 3] {
        let run = try simulation.run(Array(frames.prefix(count)))
        #expect(run.outputs == Array(expected.prefix(count)), "\(variant), stalls \(stalls.map { "\($0)" } ?? "none")")
      }
    }
  }

  @Test(arguments: Variant.allCases) func streamedBiasesEqualTheReference(variant: Variant) throws {
    try Self.check(variant, engine: .interpreter)
  }

  /// Whole networks and stages of all kinds; among them one whose biases lie in a single word.
  @Test(arguments: [103, 106, 131, 139, 152, 163] as [UInt64])
  func randomNetworksEqualTheReference(seed: UInt64) throws {
    let network = try RandomNetwork(seed: seed).quantized()
    var random = SeededGenerator(seed: seed)
    var plan = Plan(randomFor: network, largest: 9, using: &random)
    for (stage, layer) in network.layers.enumerated() {
      if case .perPixel = layer.bias { plan.stages[stage].unit.biasStore = .external }
    }
    let grid = try ElasticGrid(network, plan: plan)
    #expect(!grid.memoryLayout.regions.isEmpty)
    let frames = (0..<2).map { _ in
      network.inputs.map { input in
        (0..<input.shape.count).map { _ in Int32.random(in: -128...127, using: &random) }
      }
    }
    let expected = try frames.map { try ReferenceExecutor(network).run($0) }
    let run = try GridSimulation(grid, engine: .interpreter, stalls: seed).run(frames)
    #expect(run.outputs == expected, "seed \(seed), plan \(plan)")
  }

  @Test func compiledHardwareDoesTheSame() throws {
    try Self.check(.phases, engine: .verilator)
  }

  /// The queues hold so much that the latency of the memory costs no cycle.
  @Test(arguments: Variant.allCases) func theMemoryIsNeverWaitedFor(variant: Variant) throws {
    let cycles = try [false, true].map { onChip in
      try #require(GridSimulation(variant.grid(onChip: onChip), engine: .interpreter).run(Self.frames).cyclesPerFrame)
    }
    #expect(cycles[0] <= cycles[1] + cycles[1] / 200, "\(variant): \(cycles[0]) cycles, on the chip \(cycles[1])")
  }

  /// Nor where a frame takes a part of a word alone, so that many frames are on their way at once.
  @Test func tinyFramesDoNotWaitEither() throws {
    var random = SplitMix64(seed: 23)
    let shape = MapShape(channels: 3, height: 2, width: 1)
    let network = Self.network(
      "tiny", of: [Self.layer("only", .input(0), shape, factor: 1, kernel: 3, using: &random)])
    let unit = UnitConfiguration(cpf: 3, kpf: 4, taps: 3, columnTaps: 3, biasStore: .external)
    let grid = try ElasticGrid(network, plan: Plan(uniform: unit, for: network))
    let frames = (0..<24).map { _ in [(0..<6).map { _ in Int32.random(in: -128...127, using: &random) }] }
    let run = try GridSimulation(grid, engine: .interpreter).run(frames)
    #expect(grid.cost.predictedCyclesPerFrame == 8)
    #expect(run.cycles(fromPass: 6, to: 22) == 16 * 8)
  }

  @Test func regionsFollowEachOther() throws {
    let layout = try Variant.oneLane.grid().memoryLayout
    #expect(layout.regions.map(\.stage) == [0, 1])
    #expect(layout.regions.map(\.stream.elements) == [4 * 5 * 6, 4 * 10 * 12])
    for region in layout.regions {
      #expect(region.baseAddress % 64 == 0)
      let inWord = MemoryLayout.wordWidth / region.stream.elementWidth
      #expect(region.words == (region.stream.elements + inWord - 1) / inWord)
    }
    #expect(layout.regions[1].baseAddress >= layout.regions[0].words)
    #expect(layout.wordsPerFrame == layout.regions[0].words + layout.regions[1].words)
    let grid = try Variant.mixed.grid()
    #expect(grid.memoryLayout.regions.map(\.stage) == [1])
    #expect(grid.memoryImage.count == grid.memoryLayout.size * 8)
  }
}
