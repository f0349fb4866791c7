import Testing
import WeftAccelerators
import WeftExploration
import WeftNetworks
import WeftSimulation
import WeftVerification

/// Max poolings on the accelerator: windows of all kinds, between convolutions and at the ends.
@Suite struct PoolingTests {
  private static func network(seed: UInt64) throws -> QuantizedNetwork {
    var random = SplitMix64(seed: seed)
    func pick(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &random) }
    func pool() -> MaxPool {
      let kernel = pick(2...4)
      let padding = Padding(
        top: pick(0...kernel - 2), left: pick(0...kernel - 2), bottom: pick(0...1), right: pick(0...1))
      return MaxPool(kernel, stride: pick(1...kernel), padding: padding)
    }
    let (channels, first, second) = (pick(1...5), pool(), pool())
    let beginsWithPooling = pick(0...3) == 0
    let network = try Network(named: "pooled", seed: seed) {
      Input("x", channels: pick(1...4), height: pick(14...18), width: pick(14...18))
      if beginsWithPooling { MaxPool(2, stride: 1) }
      Convolution(channels, kernel: 3)
      ReLU()
      first
      Convolution(pick(1...5), kernel: pick(1...3))
      second
    }
    let frames = (0..<2).map { _ in
      [(0..<network.inputs[0].shape.count).map { _ in Float(pick(-100...100)) / 100 }]
    }
    return try QuantizedNetwork(network, calibration: frames)
  }

  private static func report(
    _ network: QuantizedNetwork, _ plan: Plan, seed: UInt64, stalls: UInt64?
  ) throws -> VerificationReport {
    var random = SplitMix64(seed: seed)
    let codes = Int32(network.inputs[0].quantization.codes.lowerBound)...Int32(
      network.inputs[0].quantization.codes.upperBound)
    let frames = (0..<4).map { _ in
      [(0..<network.inputs[0].shape.count).map { _ in Int32.random(in: codes, using: &random) }]
    }
    return try Verification(
      of: ElasticGrid(network, plan: plan), against: network, frames: frames, engine: .interpreter, stalls: stalls
    ).report
  }

  @Test(arguments: 0..<24 as Range<UInt64>) func poolingsEqualTheReference(seed: UInt64) throws {
    let network = try Self.network(seed: seed)
    var random = SplitMix64(seed: ~seed)
    let plan = Plan(randomFor: network, largest: 4, using: &random)
    for stalls in [nil, seed] {
      let report = try Self.report(network, plan, seed: seed, stalls: stalls)
      #expect(report.bitExact, "seed \(seed), stalls \(stalls.map { "\($0)" } ?? "none"), \(plan)")
    }
  }

  @Test func poolingsHaveNoMultipliers() throws {
    let network = try Self.network(seed: 2)
    let plan = Plan(uniform: UnitConfiguration(cpf: 2, kpf: 3, h: 2, taps: 2), for: network)
    let grid = try ElasticGrid(network, plan: plan)
    for stage in grid.stages where stage.isPooling {
      #expect(stage.multipliers == 0 && stage.requantisationMultipliers == 0 && stage.configuration.kpf == 2)
    }
    #expect(grid.cost.multipliers == grid.stages.count { !$0.isPooling } * 2 * 3 * 2 * 2)
    let report = try Self.report(network, plan, seed: 2, stalls: nil)
    #expect(report.bitExact && report.cyclesPerFrame == report.predictedCyclesPerFrame)
  }

  /// Plans that balancing and exploring find can be built, and have the cycles that they are said to have.
  @Test(arguments: 30..<34 as Range<UInt64>) func plansForPoolingsAreFound(seed: UInt64) throws {
    let network = try Self.network(seed: seed)
    let device = Device(name: "small", dspKind: .dsp48e2, dsp: 40, ramb18: 100, lut: nil)
    let space = try DesignSpace(network, device: device)
    let best = try ExactSearch(space.problem, budget: device.budget).run()
    let explored = space.plan(best.plan.choices)
    for plan in [explored, try Balance.plan(for: network, multipliers: 24)] {
      #expect(try Self.report(network, plan, seed: seed, stalls: nil).bitExact, "seed \(seed)")
    }
    #expect(try GridCost(explored.geometries(for: network)).predictedCyclesPerFrame == best.plan.cycles)
  }
}
