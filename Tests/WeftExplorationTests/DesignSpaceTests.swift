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
    let costs = grid.stages.map { StageCost($0, on: Self.device.dspKind) }
    #expect(best.plan.resources == costs.reduce(.zero) { $0 + $1.unit + $1.lineBuffers }, "seed \(seed)")
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
}
