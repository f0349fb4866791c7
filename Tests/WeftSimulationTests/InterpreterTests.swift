import Testing
import Weft
import WeftSimulation

@Suite struct InterpreterTests {
  @Test func gridAccumulates() throws {
    let engine = InterpreterEngine(try Design(Grid(size: 8)))
    let enable = try #require(engine.storage(ofPort: "enable"))
    let activations = try #require(engine.storage(ofPort: "activations"))
    let weights = try #require(engine.storage(ofPort: "weights"))
    let sums = try #require(engine.storage(ofPort: "sums"))
    for index in 0..<32 {
      activations.setBits(low: index * 8, width: 8, UInt64(truncatingIfNeeded: index - 16))
      weights.setBits(low: index * 8, width: 8, UInt64(truncatingIfNeeded: 3 * index - 50))
    }
    enable.lowWord = 1
    engine.step(3)
    for row in 0..<8 {
      for column in 0..<8 {
        let expected = (0..<4).reduce(0) { $0 + (row * 4 + $1 - 16) * (3 * (column * 4 + $1) - 50) } * 3
        let got = Int(Int32(truncatingIfNeeded: sums.bits(low: (row * 8 + column) * 32, width: 32)))
        #expect(got == expected, "element \(row), \(column)")
      }
    }
    let clock = ContinuousClock()
    let n = 200_000
    let t = clock.measure { for i in 0..<n { activations.setBits(low: i % 4 * 8, width: 8, UInt64(i & 255)); engine.step() } }
    print("cycles/s", Double(n) / (Double(t.components.seconds) + Double(t.components.attoseconds) / 1e18))
  }
}
