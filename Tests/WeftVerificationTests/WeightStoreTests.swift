import Testing
import WeftAccelerators
import WeftNetworks
import WeftSimulation
import WeftVerification

/// Weights from external memory, loaded once or streamed for each group of rows: through one port, whatever comes late
/// or stalls.
@Suite struct WeightStoreTests {
  /// A convolution, one after upsampling, one with a step of 2, and a layer that is fully connected.
  static let network: QuantizedNetwork = {
    let codes = Quantization(scale: 1, zeroPoint: -3, storage: .int8)
    var random = SplitMix64(seed: 31)
    var layers: [QuantizedLayer] = []
    func add(_ name: String, kernel: (Int, Int), stride: Int = 1, factor: Int = 1, padding: Int, channels: Int) {
      let input = layers.last?.outputShape ?? MapShape(channels: 3, height: 5, width: 7)
      layers.append(
        QuantizedLayer(
          name: name, source: layers.isEmpty ? .input(0) : .layer(layers.count - 1), inputShape: input,
          upsampling: Upsampling(vertical: factor, horizontal: factor),
          window: ConvolutionWindow(
            kernelHeight: kernel.0, kernelWidth: kernel.1, strideVertical: stride, strideHorizontal: stride,
            padding: Padding(padding)),
          inputQuantization: codes,
          weights: (0..<channels * input.channels * kernel.0 * kernel.1).map { _ in
            .random(in: -127...127, using: &random)
          },
          weightScales: (0..<channels).map { _ in Float.random(in: 0.002...0.005, using: &random) },
          bias: .perChannel((0..<channels).map { _ in .random(in: -2000...2000, using: &random) }),
          slopes: Array(repeating: 0.2, count: channels), convolutionQuantization: codes))
    }
    add("plain", kernel: (3, 3), padding: 1, channels: 6)
    add("upsampled", kernel: (3, 3), factor: 2, padding: 1, channels: 5)
    add("stepped", kernel: (3, 3), stride: 2, padding: 1, channels: 4)
    add("full", kernel: (5, 7), padding: 0, channels: 10)
    return QuantizedNetwork(
      name: "weights", inputs: [.init(name: "x", shape: layers[0].inputShape, quantization: codes)], layers: layers,
      outputs: [.init(name: "y", layer: 3)])
  }()

  /// What the stages are built from.
  enum Variant: String, CaseIterable {
    case serial, parallel, phases

    var units: [UnitConfiguration] {
      switch self {
      case .serial: Array(repeating: UnitConfiguration(), count: 4)
      case .parallel:
        [
          // 1,728 bits of weights a cycle, in four parts.
          UnitConfiguration(cpf: 3, kpf: 6, h: 2, taps: 3, columnTaps: 4, rowLanes: 2, channelLanes: 3),
          UnitConfiguration(cpf: 6, kpf: 4, h: 4, rowLanes: 2, packing: .wide),
          UnitConfiguration(cpf: 2, kpf: 3, h: 3, taps: 2),
          UnitConfiguration(cpf: 4, kpf: 4, taps: 5),
        ]
      case .phases:
        [
          UnitConfiguration(cpf: 2, kpf: 4, h: 3, channelLanes: 2),
          UnitConfiguration(cpf: 4, kpf: 6, h: 2, decomposes: true, packing: .wide),
          UnitConfiguration(cpf: 5, kpf: 2, h: 2, columnTaps: 3),
          UnitConfiguration(cpf: 2, kpf: 10, columnTaps: 7),
        ]
      }
    }

    /// The grid with the weights in one place.
    func grid(_ store: UnitConfiguration.WeightStore) throws -> ElasticGrid {
      let stages = zip(network.layers, units).map { Plan.Stage(name: $0.name, unit: $1) }
      return try ElasticGrid(
        network, plan: Plan(network: network.name, stages: stages).withWeights(in: store, for: network))
    }
  }

  static let frames: [[[Int32]]] = {
    var random = SplitMix64(seed: 32)
    return (0..<4).map { _ in [(0..<105).map { _ in .random(in: -128...127, using: &random) }] }
  }()

  /// The last of three groups of rows has one row of five, and takes a fifth of the time for the same weights.
  @Test func aShortGroupOfRowsDoesNotWaitForItsWeights() throws {
    let codes = Quantization(scale: 1, zeroPoint: 0, storage: .int8)
    let (shape, channels) = (MapShape(channels: 3, height: 11, width: 7), 24)
    let layer = QuantizedLayer(
      name: "layer", source: .input(0), inputShape: shape,
      window: ConvolutionWindow(kernelHeight: 3, kernelWidth: 3, padding: Padding(1)), inputQuantization: codes,
      weights: (0..<Int32(channels * 27)).map { $0 % 255 - 127 },
      weightScales: Array(repeating: 0.005, count: channels), bias: .perChannel(Array(repeating: 0, count: channels)),
      convolutionQuantization: codes)
    let network = QuantizedNetwork(
      name: "short", inputs: [.init(name: "x", shape: shape, quantization: codes)], layers: [layer],
      outputs: [.init(name: "y", layer: 0)])
    let unit = UnitConfiguration(cpf: 3, h: 5, taps: 3, columnTaps: 3, weightStore: .streamed)
    let grid = try ElasticGrid(
      network, plan: Plan(network: network.name, stages: [Plan.Stage(name: layer.name, unit: unit)]))
    var random = SplitMix64(seed: 33)
    let frames = (0..<4).map { _ in [(0..<shape.count).map { _ in Int32.random(in: -128...127, using: &random) }] }
    let run = try GridSimulation(grid, engine: .interpreter).run(frames)
    #expect(run.outputs == (try frames.map { try ReferenceExecutor(network).run($0) }))
    #expect(grid.cost.predictedCyclesPerFrame == channels * 7 * 11)
    #expect(run.cyclesPerFrame == grid.cost.predictedCyclesPerFrame)
  }

  @Test(arguments: Variant.allCases, [UnitConfiguration.WeightStore.loaded, .streamed])
  func everyValueIsThatOfTheReference(variant: Variant, store: UnitConfiguration.WeightStore) throws {
    let expected = try Self.frames.map { try ReferenceExecutor(Self.network).run($0) }
    for stalls in [nil, 5] as [UInt64?] {
      let simulation = try GridSimulation(variant.grid(store), engine: .interpreter, stalls: stalls)
      // The second time in the middle of a stream.
      for count in [1, 4] {
        let run = try simulation.run(Array(Self.frames.prefix(count)))
        #expect(run.outputs == Array(expected.prefix(count)), "stalls \(stalls.map { "\($0)" } ?? "none")")
      }
    }
  }

  @Test func compiledHardwareDoesTheSame() throws {
    let expected = try Self.frames.map { try ReferenceExecutor(Self.network).run($0) }
    let run = try GridSimulation(Variant.phases.grid(.streamed), engine: .verilator, stalls: 6).run(Self.frames)
    #expect(run.outputs == expected)
  }

  /// Nothing waits for the memory where it is fast enough, and where it is not all wait as long as was predicted.
  @Test(arguments: Variant.allCases, [1, 3]) func cyclesAreThePredictedOnes(variant: Variant, slowness: Int) throws {
    let grid = try variant.grid(.streamed)
    let memory = MemoryTiming(words: 1, cycles: slowness, latency: MemoryLayout.latency)
    let frames = Array(repeating: Self.frames, count: 3).flatMap(\.self)
    let run = try GridSimulation(grid, engine: .interpreter, memory: memory).run(frames)
    let done = run.completionCycles
    let cycles = Double(done[10] - done[4]) / 6
    let predicted = Double(grid.cost.cyclesPerFrame(at: memory))
    #expect(abs(cycles / predicted - 1) < 0.005, "\(variant): \(cycles) cycles, predicted \(predicted)")
  }

  @Test func wordsOfAFrameAreThoseOfItsGroupsOfRows() throws {
    let grid = try Variant.parallel.grid(.streamed)
    let regions = grid.memoryLayout.regions
    #expect(regions.map(\.stream.passesPerFrame) == [3, 3, 2, 1])
    #expect(grid.memoryLayout.wordsPerFrame == grid.cost.memoryWordsPerFrame)
    let loaded = try Variant.parallel.grid(.loaded)
    #expect(loaded.memoryLayout.wordsPerFrame == 0 && loaded.memoryLayout.size > 0)
  }
}
