import Testing
import WeftAccelerators
import WeftExploration
import WeftNetworks

/// The plans of networks that a search finds are those that grids are built from.
@Suite struct DesignSpaceTests {
  private static let device = Device(name: "small", dspKind: .dsp48e2, dsp: 60, ramb18: 200, lut: nil)

  @Test(arguments: 1...6 as ClosedRange<UInt64>) func thePlanHasTheCyclesThatTheSearchSays(seed: UInt64) throws {
    let network = try RandomNetwork(seed: seed).quantized()
    let space = try DesignSpace(network, device: Self.device)
    let best = try ExactSearch(space.problem, budget: Self.device.budget).run()
    try best.certificate.check(best.plan, problem: space.problem, budget: Self.device.budget)
    let grid = try ElasticGrid(network, plan: space.plan(best.plan.choices))
    #expect(grid.cost.predictedCyclesPerFrame == best.plan.cycles, "seed \(seed)")
    let (plan, device) = (space.plan(best.plan.choices), Self.device)
    let kernels = NetworkKernels(network)
    let figures = PlanFigures(try plan.geometries(for: network, kernels: kernels), on: device)
    #expect(figures.resources == best.plan.resources && figures.cyclesPerFrame == best.plan.cycles, "seed \(seed)")
    #expect(figures.fits && figures.framesPerSecond == best.plan.framesPerSecond(clock: Self.device.clock))
    #expect(try plan.geometries(for: network, kernels: kernels) == grid.stages, "seed \(seed)")
    #expect(best.plan.resources.dsp <= 60)
    #expect(best.plan.resources.memoryWords == grid.memoryLayout.wordsPerFrame, "seed \(seed)")
    let balanced = try Balance.plan(for: network, multipliers: 40 - 2 * network.layers.count)
    let plain = try GridCost(balanced.geometries(for: network)).predictedCyclesPerFrame
    #expect(best.plan.cycles <= plain, "seed \(seed): a plan without phases and packing is not faster")
  }

  @Test func aNarrowerDeviceIsSlower() throws {
    let network = try RandomNetwork(seed: 2).quantized()
    let cycles = try [30, 60, 120].map { dsp in
      let device = Device(name: "d", dspKind: .dsp48e2, dsp: dsp, ramb18: 500, lut: nil)
      return try ExactSearch(DesignSpace(network, device: device).problem, budget: device.budget).run().plan.cycles
    }
    #expect(cycles[0] >= cycles[1] && cycles[1] >= cycles[2] && cycles[0] > cycles[2])
  }

  /// What two branches share runs as often as the larger of their batches says, and nothing more often than that.
  @Test func aBatchCountsForTheStagesOfItsBranch() throws {
    let decoder = try BuiltInModel.avatarDecoder.network(scale: 8)
    let frame = decoder.inputs.map { [Float](repeating: 0.5, count: $0.shape.count) }
    let network = try QuantizedNetwork(decoder, calibration: [frame])
    let device = Device(name: "d", dspKind: .dsp48e2, dsp: 200, ramb18: 500, lut: nil)
    func space(_ batches: [Int]) throws -> DesignSpace {
      try DesignSpace(
        network, device: device,
        branches: zip(network.outputs, batches).map { ExplorationProblem.Branch(name: $0.name, batch: $1) })
    }
    let uneven = try space([1, 2, 1])
    let plan = try ExactSearch(uneven.problem, budget: device.budget).run().plan
    let stages = try uneven.plan(plan.choices).geometries(for: network)
    var (cycles, words) = ([Int](), 0)
    // The trunk and the texture.
    for (stage, (option, geometry)) in zip(uneven.problem.stages, zip(plan.choices, stages)) {
      let passes = stage.name.hasPrefix("t") ? 2 : 1
      #expect(geometry.batch == passes)
      #expect([geometry.cyclesPerPass, geometry.computeCycles * passes].contains(stage.options[option].cycles))
      #expect(stage.options[option].resources.memoryWords == geometry.memoryWordsPerFrame * passes)
      cycles.append(stage.options[option].cycles)
      words += geometry.memoryWordsPerFrame * passes
    }
    #expect(plan.resources.memoryWords == words)
    let branches = uneven.branchCycles(plan.choices)
    for (branch, count) in zip(network.branches, branches) { #expect(count == branch.layers.map { cycles[$0] }.max()) }
    #expect(throws: ExplorationError.self) { try space([1, 2]) }
    #expect(throws: ExplorationError.self) { try space([1, 0, 1]) }
  }
}
