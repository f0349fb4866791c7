import Testing
import WeftAccelerators
import WeftExploration
import WeftNetworks

/// Design spaces of networks that fork and rejoin.
@Suite struct JoinSpaceTests {
  /// A U-Net of two levels with residual blocks.
  private static func network() throws -> QuantizedNetwork {
    let network = try Network(named: "unet", seed: 9) {
      Input("x", channels: 3, height: 32, width: 32)
      Convolution(16, kernel: 3, name: "stem")
      ReLU()
      Label("high")
      Convolution(32, kernel: 3, stride: 2, name: "down")
      ReLU()
      Label("low")
      Convolution(32, kernel: 3, name: "inner")
      ReLU()
      Convolution(32, kernel: 3, name: "outer")
      Add("low")
      ReLU()
      Upsample(2)
      Convolution(16, kernel: 3, name: "up")
      ReLU()
      Label("grown")
      Concatenate("high", "grown")
      Convolution(8, kernel: 3, name: "tail")
      Label("tail_out")
      Concatenate("tail_out", "x")
      Convolution(3, kernel: 1, name: "head")
    }
    return try QuantizedNetwork(network, calibration: [[(0..<3072).map { Float($0 * 37 % 100) / 50 - 1 }]])
  }

  /// The best plan is proven, fits, can be built, and takes no more than is said: line buffers and queues of its joins
  /// included.
  @Test(arguments: [80, 300]) func theBestPlanFitsWithItsQueues(dsp: Int) throws {
    let network = try Self.network()
    let device = Device(name: "small", dspKind: .dsp48e2, dsp: dsp, ramb18: 60 + dsp / 2, lut: nil)
    let (space, best) = try DesignSpace(network, device: device).charging {
      try ExactSearch($0.problem, budget: device.budget).run()
    } choices: { $0.plan.choices }
    try best.certificate.check(best.plan, problem: space.problem, budget: device.budget)
    let grid = try ElasticGrid(network, plan: space.plan(best.plan.choices))
    #expect(grid.cost.predictedCyclesPerFrame == best.plan.cycles)
    #expect(!grid.queues.isEmpty)
    let units = PlanFigures(grid.stages, on: device).resources
    let taken = PlanFigures(grid.stages, queues: grid.queues, on: device).resources
    #expect(taken.dsp == best.plan.resources.dsp && taken.ramb18 <= best.plan.resources.ramb18)
    #expect(taken.lut <= best.plan.resources.lut && units.lut < taken.lut)
    #expect(best.plan.resources.ramb18 <= device.ramb18)
    // All products at once would take fewer cycles, but not by much.
    #expect(best.plan.cycles * dsp < 2 * network.macs, "\(best.plan)")
  }
}
