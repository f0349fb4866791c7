import Testing
import WeftAccelerators
import WeftSimulation

/// Two products of one weight in one multiplier.
@Suite struct PackedProductTests {
  static let weights = [
    -512, -511, -509, -257, -256, -129, -128, -127, -2, -1, 0, 1, 2, 3, 127, 128, 255, 256, 257, 509, 510, 511,
  ]

  /// Every pair of activations of 8 bits with each of the weights, of 10 bits, that a packing has room for.
  @Test(arguments: [UnitConfiguration.Packing.wide, .narrow])
  func everyPairOfActivationsKeepsApart(packing: UnitConfiguration.Packing) throws {
    let weights = packing == .wide ? Self.weights : Self.weights.filter { $0 > -512 }
    let engine = ComputeEngine(
      lanes: 1, kpf: weights.count, packing: packing, activationBits: 8, weightBits: 10, accumulatorBits: 18)
    let sim = try Simulation(engine)
    let (first, second) = (sim[\.activations], sim[\.secondActivations])
    let (sums, secondSums) = (sim[\.sums], sim[\.secondSums])
    sim.advance = 1
    sim.accumulate = 1
    sim.first = 1
    for (channel, weight) in weights.enumerated() { sim[\.weights[channel]][0] = weight }
    var differences = 0
    for pair in 0..<1 << 16 {
      let (low, high) = (pair % 256 - 128, pair / 256 - 128)
      first[0] = low
      second[0] = high
      // Products, then sums.
      sim.step(2)
      for (channel, weight) in weights.enumerated()
      where sums[channel] != low * weight || secondSums[channel] != high * weight {
        differences += 1
      }
    }
    #expect(differences == 0)
  }

  /// Dot products of both rows over several cycles, the widest that the accumulators hold.
  @Test(arguments: [UnitConfiguration.Packing.wide, .narrow])
  func bothRowsAccumulate(packing: UnitConfiguration.Packing) throws {
    let sim = try Simulation(
      ComputeEngine(lanes: 3, kpf: 2, packing: packing, activationBits: 8, weightBits: 10, accumulatorBits: 20))
    var random = SplitMix64(seed: 11)
    sim.advance = 1
    for _ in 0..<200 {
      var expected = [[0, 0], [0, 0]]
      for cycle in 0..<4 {
        // The extremes more often than others.
        let rows = (0..<2).map { _ in
          (0..<3).map { _ in min(max(Int.random(in: -200...200, using: &random), -128), 127) }
        }
        let weights = (0..<2).map { _ in (0..<3).map { _ in Int.random(in: -511...511, using: &random) } }
        sim.activations = rows[0]
        sim.secondActivations = rows[1]
        for channel in 0..<2 { sim[\.weights[channel]].values = weights[channel] }
        sim.accumulate = 0
        sim.step()
        sim.accumulate = 1
        sim.first = cycle == 0 ? 1 : 0
        sim.step()
        for row in 0..<2 {
          for channel in 0..<2 {
            expected[row][channel] += zip(rows[row], weights[channel]).reduce(0) { $0 + $1.0 * $1.1 }
          }
        }
      }
      #expect(sim.sums == expected[0] && sim.secondSums == expected[1], "seed 11")
    }
  }
}
