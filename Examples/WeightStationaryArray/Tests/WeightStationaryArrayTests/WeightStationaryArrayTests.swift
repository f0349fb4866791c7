import Testing
import WeftSimulation
import WeightStationaryArray

/// The array against the product computed in Swift, on the interpreter and on Verilator.
@Suite(.serialized) struct WeightStationaryArrayTests {
  @Test(arguments: [EngineKind.interpreter, .verilator], [(4, 4), (3, 5), (1, 1)])
  func multipliesAVectorEveryCycle(engine: EngineKind, size: (rows: Int, columns: Int)) throws {
    let array = WeightStationaryArray(rows: size.rows, columns: size.columns)
    let seed: UInt64 = 7
    var random = SplitMix64(seed: seed)
    let matrix = (0..<array.rows).map { _ in codes(array.columns, &random) }
    let vectors = (0..<40).map { _ in codes(array.rows, &random) }
    // The most that a sum has to hold.
    let extreme = Array(repeating: -128, count: array.rows)

    let sim = try Simulation(array, engine: engine)
    sim.load = 1
    for row in matrix.reversed() {
      sim.weights = row
      sim.step()
    }
    sim.load = 0

    var products: [[Int]] = []
    for vector in vectors + [extreme] + Array(repeating: nil, count: array.latency) {
      sim.valid = vector == nil ? 0 : 1
      sim.activations = vector ?? codes(array.rows, &random)
      sim.step()
      if sim.productValid == 1 { products.append(sim.products) }
    }
    let expected = (vectors + [extreme]).map { vector in
      (0..<array.columns).map { column in zip(vector, matrix).reduce(0) { $0 + $1.0 * $1.1[column] } }
    }
    #expect(products == expected, "\(array.rows) x \(array.columns), seed \(seed)")
  }

  /// Numbers of 8 bits, the extremes among them.
  private func codes(_ count: Int, _ random: inout SplitMix64) -> [Int] {
    (0..<count).map { _ in Int(Int8(truncatingIfNeeded: random.next())) }
  }
}
