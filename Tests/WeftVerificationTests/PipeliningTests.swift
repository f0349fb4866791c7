import Testing
import WeftAccelerators
import WeftNetworks
import WeftSimulation
import WeftVerification

/// Units with registers in all long paths: the values and, but for a gap at every row group, the cycles of others.
@Suite struct PipeliningTests {
  private static func report(
    seed: UInt64, largest: Int, pipelining: UnitConfiguration.Pipelining, stalls: UInt64?
  ) throws -> VerificationReport {
    let random = RandomNetwork(seed: seed, bounds: .init())
    let network = try random.quantized(random.mixedBits())
    var generator = SplitMix64(seed: ~seed)
    let plan = Plan(randomFor: network, largest: largest, using: &generator).withPipelining(pipelining)
    let frames = RandomFrames(seed: seed).codes(of: network, count: 4)
    return try Verification(
      of: ElasticGrid(network, plan: plan), against: network, frames: frames, engine: .interpreter, stalls: stalls
    ).report
  }

  @Test(arguments: 100..<112 as Range<UInt64>) func deepUnitsEqualTheReference(seed: UInt64) throws {
    for stalls in [nil, seed] {
      let report = try Self.report(seed: seed, largest: 6, pipelining: .deep, stalls: stalls)
      #expect(report.bitExact, "seed \(seed), stalls \(stalls.map { "\($0)" } ?? "none")")
    }
  }

  /// Rounds of one cycle, in which results come as fast as they can, and rounds that wait for their transfers.
  @Test(arguments: [(16, 1), (4, 1), (2, 1), (2, 2), (1, 4)]) func resultsHavePlaces(cpf: Int, channelLanes: Int) throws {
    let decoder = try Network(named: "places", seed: 3) {
      Input("map", channels: 16, height: 6, width: 40)
      Convolution(4, kernel: 1)
      LeakyReLU(0.2)
      Convolution(3, kernel: 3)
    }
    var random = SplitMix64(seed: 7)
    let calibration = (0..<16 * 6 * 40).map { _ in Float.random(in: -1...1, using: &random) }
    let network = try QuantizedNetwork(decoder, calibration: [[calibration]])
    let names = network.layers.map(\.name)
    let plan = Plan(
      network: network.name,
      stages: [
        Plan.Stage(
          name: names[0],
          unit: UnitConfiguration(cpf: cpf, kpf: 4, h: 2, channelLanes: channelLanes, pipelining: .deep)),
        Plan.Stage(
          name: names[1], unit: UnitConfiguration(cpf: 4, kpf: 3, h: 2, taps: 3, columnTaps: 3, pipelining: .deep)),
      ])
    let grid = try ElasticGrid(network, plan: plan)
    let frames = (0..<6).map { RandomFrames(seed: UInt64($0)).codes(of: network, count: 1)[0] }
    let report = try Verification(of: grid, against: network, frames: frames, engine: .interpreter).report
    #expect(report.bitExact)
    let (measured, predicted) = (Double(report.cyclesPerFrame ?? 0), Double(report.predictedCyclesPerFrame))
    #expect(measured <= predicted * 1.005, "\(measured) cycles, \(predicted) predicted")
  }
}
