import Testing
import Weft
import WeftSimulation
import WeftStreams

/// Width adapters keep the order of elements at any ratio, and the narrower side never waits.
@Suite struct WidthAdapterTests {
  static let ratios = [
    (1, 1), (1, 2), (2, 1), (1, 7), (7, 1), (3, 2), (2, 3), (4, 6), (6, 4), (5, 8), (8, 5), (4, 4), (12, 16), (16, 3),
  ]

  @Test(arguments: ratios) func elementsKeepTheirOrderUnderStalls(from: Int, to: Int) throws {
    for seed in 1...4 as ClosedRange<UInt64> {
      let elements = randomPayloads(24 * from * to, width: 6, seed: seed)
      let module = WidthAdapter(of: .signed(6), from: from, to: to)
      let found = try passed(
        words(elements, of: from), through: module, \.input, \.output, expecting: 24 * from, seed: seed)
      #expect(found == words(elements, of: to), "\(module), seed \(seed)")
    }
  }

  @Test(arguments: ratios) func narrowerSideMovesEveryCycle(from: Int, to: Int) throws {
    let count = 20
    let payloads = randomPayloads(count * to, width: 6 * from, seed: 3)
    let module = WidthAdapter(of: .signed(6), from: from, to: to)
    let cycles = count * max(from, to)
    let (found, taken) = try flow(of: payloads, through: module, \.input, \.output, cycles: cycles)
    if from >= to {
      #expect(found == Array(1..<cycles), "\(module)")
    } else {
      #expect(taken == cycles, "\(module)")
      // Word k leaves one cycle after the word that completes it came.
      let leaving: [Int] = (1...cycles).map { (word: Int) -> Int in (word * to + from - 1) / from }
      #expect(found == Array(leaving.prefix { $0 < cycles }), "\(module)")
    }
  }

  @Test(arguments: ratios) func capacityIsAsDocumented(from: Int, to: Int) throws {
    let elements = max(from, to) + 2 * min(from, to) - divisor(from, to)
    let payloads = randomPayloads(40, width: 6 * from, seed: 4)
    let held = try capacity(of: WidthAdapter(of: .signed(6), from: from, to: to), \.input, \.output, payloads: payloads)
    #expect(held == elements / from)
  }

  @Test func elementsMayBeBundles() throws {
    let seed: UInt64 = 9
    let shape = Shape<Sample>.bundle(Sample())
    let sim = try Simulation(WidthAdapter(of: shape, from: 2, to: 3))
    let (source, sink) = stalls(seed)
    let driver = StreamDriver(sim, \.input, stalls: source)
    let monitor = StreamMonitor(sim, \.output, stalls: sink)
    // Numbers of a vector of bundles come field by field: levels, taps, flags.
    func payload(_ samples: [Int]) -> [Int] {
      samples.map { -$0 } + samples.flatMap { [$0 % 32, $0 / 2, 7] } + samples.map { $0 % 2 }
    }
    driver.send(contentsOf: (0..<30).map { payload([2 * $0, 2 * $0 + 1]) })
    try StreamBench(sim, driver, monitor).run(until: { monitor.count == 20 }, limit: 2_000)
    #expect(monitor.vectors == (0..<20).map { payload([3 * $0, 3 * $0 + 1, 3 * $0 + 2]) }, "seed \(seed)")
  }

  private func words(_ elements: [BitVector], of count: Int) -> [BitVector] {
    stride(from: 0, to: elements.count, by: count).map { start in
      BitVector.concatenating(elements[start..<(start + count)].reversed())
    }
  }

  private func divisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : divisor(b, a % b) }
}
