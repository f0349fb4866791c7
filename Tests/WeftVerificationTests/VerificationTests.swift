import Foundation
import Testing
import Weft
import WeftAccelerators
import WeftNetworks
import WeftSimulation
import WeftVerification

/// Verification, on the interpreter: what it finds and what it measures.
@Suite struct VerificationTests {
  /// Two layers; `weight` is one weight of the second, `firstWeight` one of the first.
  static func network(weight: Int32 = 7, firstWeight: Int32 = -50) -> QuantizedNetwork {
    let input = Quantization(scale: 1, zeroPoint: 3, storage: .int8)
    let output = Quantization(scale: 1, zeroPoint: 0, storage: .int8)
    var firstWeights: [Int32] = (0..<54).map { (index: Int) in Int32(index * 29 % 101 - 50) }
    firstWeights[0] = firstWeight
    let first = QuantizedLayer(
      name: "first", source: .input(0), inputShape: MapShape(channels: 2, height: 4, width: 5),
      window: ConvolutionWindow(kernelHeight: 3, kernelWidth: 3, padding: Padding(1)), inputQuantization: input,
      weights: firstWeights, weightScales: [0.01, 0.02, 0.015],
      bias: .perChannel([100, -200, 300]), convolutionQuantization: output)
    var weights: [Int32] = (0..<6).map { (index: Int) in Int32(index * 31 % 77 - 30) }
    weights[5] = weight
    let second = QuantizedLayer(
      name: "second", source: .layer(0), inputShape: first.outputShape, window: .pointwise,
      inputQuantization: output, weights: weights, weightScales: [0.02, 0.5], bias: .perChannel([0, 0]),
      convolutionQuantization: output)
    return QuantizedNetwork(
      name: "pair", inputs: [.init(name: "x", shape: first.inputShape, quantization: input)], layers: [first, second],
      outputs: [.init(name: "y", layer: 1)])
  }

  static func frames(_ count: Int) -> [[[Int32]]] {
    (0..<count).map { frame -> [[Int32]] in
      let codes = (0..<40).map { element -> Int in (element * 53 + frame * 17) % 256 - 128 }
      return [codes.map { Int32($0) }]
    }
  }

  static func grid() throws -> ElasticGrid {
    let network = network()
    return try ElasticGrid(network, plan: Plan(uniform: UnitConfiguration(cpf: 2, kpf: 2, h: 3), for: network))
  }

  @Test func equalResultsAreBitExact() throws {
    let report = try Verification(
      of: Self.grid(), against: Self.network(), frames: Self.frames(4), engine: .interpreter
    ).report
    #expect(report.bitExact && report.mismatches == 0 && report.firstMismatch == nil)
    #expect(report.comparedValues == 4 * 40 && report.frames == 4)
    #expect(report.multipliers == 24 && report.requantisationMultipliers == 2)
    #expect(report.macsPerFrame == 20 * (54 + 6))
    let cycles = try #require(report.cyclesPerFrame)
    #expect(abs(cycles - report.predictedCyclesPerFrame) * 100 <= cycles)
    #expect(report.efficiency == Double(report.macsPerFrame) / Double(24 * cycles))
    #expect(report.latencyCycles > cycles)
  }

  /// Sums of 16-bit products that take more than 39 bits, requantised from products of more than 64.
  @Test(arguments: [EngineKind.interpreter, .verilator]) func wideSumsAreBitExact(engine: EngineKind) throws {
    let quantization = Quantization(scale: 1, zeroPoint: 100, storage: .int16)
    let shape = MapShape(channels: 64, height: 5, width: 5)
    let weights = (0..<2 * 64 * 25).map { (index: Int) -> Int32 in
      index < 1600 ? 32767 : Int32(index * 7919 % 65535) - 32767
    }
    let layer = QuantizedLayer(
      name: "wide", source: .input(0), inputShape: shape,
      window: ConvolutionWindow(kernelHeight: 5, kernelWidth: 5, padding: Padding(2)), inputQuantization: quantization,
      weights: weights, weightBits: 16, weightScales: [0x1p-22, 0x1.8p-20], bias: .perChannel([1 << 37, -5]),
      slopes: [0.2, 1], convolutionQuantization: quantization)
    #expect(layer.accumulatorBits > 39)
    let network = QuantizedNetwork(
      name: "wide", inputs: [.init(name: "x", shape: shape, quantization: quantization)], layers: [layer],
      outputs: [.init(name: "y", layer: 0)])
    let plan = Plan(uniform: UnitConfiguration(cpf: 8, kpf: 2, h: 3, taps: 5), for: network)
    // The first frame reaches the ends of the sums.
    let frames = (0..<3).map { (frame: Int) -> [[Int32]] in
      let codes = (0..<shape.count).map { index -> Int32 in
        frame == 2 ? Int32(index * 40503 % 65536) - 32768 : frame == 1 ? -32768 : 32767
      }
      return [codes]
    }
    let report = try Verification(
      of: ElasticGrid(network, plan: plan), against: network, frames: frames, engine: engine
    ).report
    #expect(report.bitExact, "\(report)")
  }

  /// An observed grid takes the same cycles and shows when its stages work.
  @Test(arguments: [EngineKind.interpreter, .verilator]) func anObservedGridShowsItsStages(engine: EngineKind) throws {
    let grid = try Self.grid()
    let frames = Self.frames(3)
    let plain = try GridSimulation(grid, engine: engine).run(frames)
    let run = try GridSimulation(grid.observed, engine: engine).run(frames)
    #expect(run.outputs == plain.outputs && run.lastBeats == plain.lastBeats && plain.stageSpans.isEmpty)
    try #require(run.stageSpans.count == 3)
    for (frame, spans) in run.stageSpans.enumerated() {
      // The second stage begins after the first, and its last transfer is the output's.
      #expect(spans.count == 2 && spans[0].lowerBound < spans[1].lowerBound)
      #expect(spans[1].upperBound == run.lastBeats[frame][0])
    }
    for (before, after) in zip(run.stageSpans, run.stageSpans.dropFirst()) {
      #expect(zip(before, after).allSatisfy { $0.upperBound < $1.lowerBound })
    }
    // Each frame of a single value begins and ends in the cycle in which it comes.
    let codes = Quantization(scale: 1, zeroPoint: 0, storage: .int8)
    let shape = MapShape(channels: 3, height: 1, width: 1)
    let layer = QuantizedLayer(
      name: "dot", source: .input(0), inputShape: shape, window: .pointwise, inputQuantization: codes,
      weights: [1, 2, 3], weightScales: [0.5], bias: .perChannel([4]), convolutionQuantization: codes)
    let dot = QuantizedNetwork(
      name: "dot", inputs: [.init(name: "x", shape: shape, quantization: codes)], layers: [layer],
      outputs: [.init(name: "y", layer: 0)])
    let single = try GridSimulation(
      ElasticGrid(dot, plan: Plan(uniform: UnitConfiguration(), for: dot)).observed, engine: engine
    ).run([[[1, 2, 3]], [[4, 5, 6]]])
    #expect(single.stageSpans == single.lastBeats.map { [$0[0]...$0[0]] })
    // A stage takes as long as its transfers at least.
    #expect(run.stageSpans[0][0].count >= grid.stages[0].outputOrder.transfersPerFrame)
  }

  @Test func theFirstDifferenceIsNamed() throws {
    let reference = Self.network(weight: -90)
    let frames = Self.frames(3)
    let verification = try Verification(of: Self.grid(), against: reference, frames: frames, engine: .interpreter)
    let report = verification.report
    let expected = try frames.map(ReferenceExecutor(Self.network()).run)
    #expect(verification.run.outputs == expected)
    #expect(!report.bitExact)
    let differing = zip(expected.joined().joined(), verification.reference.joined().joined()).count { $0 != $1 }
    #expect(report.mismatches == differing)
    let first = try #require(report.firstMismatch)
    #expect(first.layer == "second" && first.output == "y" && first.channel == 1)
    let index = (first.channel * 4 + first.row) * 5 + first.column
    #expect(first.hardware == expected[first.frame][0][index])
    #expect(first.reference == verification.reference[first.frame][0][index] && first.reference != first.hardware)
    #expect(expected[0][0].prefix(index) == verification.reference[0][0].prefix(index))
  }

  @Test func theFirstDifferingLayerIsNamed() throws {
    let report = try Verification(
      of: Self.grid(), against: Self.network(firstWeight: 90), frames: Self.frames(3), engine: .interpreter, stalls: 7
    ).report
    let first = try #require(report.firstMismatch)
    #expect(first.layer == "first" && first.output == "y" && report.mismatches > 0)
  }

  @Test func cyclesAreMeasuredOnlyWithoutStallsAndInAFullPipeline() throws {
    let stalled = try Verification(
      of: Self.grid(), against: Self.network(), frames: Self.frames(3), engine: .interpreter, stalls: 5
    ).report
    #expect(stalled.bitExact && stalled.cyclesPerFrame == nil && stalled.efficiency == nil)
    let short = try Verification(
      of: Self.grid(), against: Self.network(), frames: Self.frames(2), engine: .interpreter
    ).report
    #expect(short.bitExact && short.cyclesPerFrame == nil)
    let json = try #require(
      JSONSerialization.jsonObject(with: JSONEncoder().encode(stalled)) as? [String: Any])
    #expect(json["cyclesPerFrame"] is NSNull && json["bitExact"] as? Bool == true)
  }

  @Test func aHangSaysWhatWaits() throws {
    let network = Self.network()
    let grid = try Grid<DeafUnit>(network, plan: Plan(uniform: UnitConfiguration(), for: network))
    do {
      _ = try GridSimulation(grid, engine: .interpreter).run(Self.frames(1))
      Issue.record("a grid that takes nothing came to an end")
    } catch let error as SimulationError {
      #expect(error.message.contains("hangs") && error.message.contains("`x`"))
    }
  }

  @Test func framesThatDoNotFitAreRefused() throws {
    let simulation = try GridSimulation(Self.grid(), engine: .interpreter)
    #expect(throws: NetworkError.self) { try simulation.run([[[1, 2, 3]]]) }
    #expect(throws: NetworkError.self) { try simulation.run([[[Int32](repeating: 128, count: 40)]]) }
  }
}
