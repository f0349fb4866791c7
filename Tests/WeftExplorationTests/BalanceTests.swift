import Testing
import WeftAccelerators
import WeftExploration
import WeftNetworks

@Suite struct BalanceTests {
  /// The fewest cycles a frame under so many multipliers: every configuration of every stage is tried.
  private static func leastCycles(_ network: QuantizedNetwork, multipliers: Int) -> Int {
    // For each number of multipliers that the stages so far may have, the cycles of the slowest of them.
    var least = [Int](repeating: 0, count: multipliers + 1)
    for layer in network.layers {
      var own = [Int](repeating: .max, count: multipliers + 1)
      for cpf in 1...min(layer.inputShape.channels, multipliers) {
        for kpf in 1...min(layer.outputShape.channels, multipliers) where cpf * kpf <= multipliers {
          for h in 1...min(layer.outputShape.height, multipliers) where cpf * kpf * h <= multipliers {
            let geometry = StageGeometry(
              layer: layer, configuration: UnitConfiguration(cpf: cpf, kpf: kpf, h: h),
              inputOrders: [.raster(layer.inputShape)])
            own[cpf * kpf * h] = min(own[cpf * kpf * h], geometry.cyclesPerFrame)
          }
        }
      }
      least = (0...multipliers).map { total in
        (0...total).map { max(least[total - $0], own[$0]) }.min() ?? .max
      }
    }
    return least[multipliers]
  }

  @Test(arguments: 1...12 as ClosedRange<UInt64>) func noPlanIsFaster(seed: UInt64) throws {
    let network = try RandomNetwork(seed: seed).quantized()
    for extra in [0, 3, 11, 20] {
      let multipliers = network.layers.count + extra
      let plan = try Balance.plan(for: network, multipliers: multipliers)
      let used = plan.stages.reduce(0) { $0 + $1.unit.multipliers }
      #expect(used <= multipliers, "seed \(seed), \(multipliers) multipliers")
      let cycles = try GridCost(plan.geometries(for: network)).predictedCyclesPerFrame
      #expect(
        cycles == Self.leastCycles(network, multipliers: multipliers), "seed \(seed), \(multipliers) multipliers")
    }
  }

  @Test func tooFewMultipliersAreRefused() throws {
    let network = try RandomNetwork(seed: 3).quantized()
    let error = #expect(throws: BalanceError.self) {
      try Balance.plan(for: network, multipliers: network.layers.count - 1)
    }
    #expect(error?.message.contains("each needs one at least") == true)
  }
}
