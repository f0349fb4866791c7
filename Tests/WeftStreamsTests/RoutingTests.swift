import Testing
import Weft
import WeftSimulation
import WeftStreams

/// Adds one to everything on the way, through a FIFO.
private struct Incrementing: Module {
  var input: Stream<Unsigned> { sink(.unsigned(8)) }
  var output: Stream<Unsigned> { source(.unsigned(9)) }
  var buffer: Instance<FIFO<Unsigned>> { instance(FIFO(of: .unsigned(8), depth: 2)) }
  var body: Circuit {
    buffer.input <== input
    output <== buffer.output.map { $0 + 1 }
  }
}

/// Forks, joins and zips under stalls that differ from branch to branch.
@Suite struct RoutingTests {
  @Test(arguments: [1, 2, 3, 6]) func everyBranchTakesEachPayloadOnce(branches: Int) throws {
    for seed in 1...4 as ClosedRange<UInt64> {
      let numbers = randomNumbers(150, bits: 8, seed: seed)
      let sim = try Simulation(Fork(of: .unsigned(8), branches: branches))
      let driver = StreamDriver(sim, \.input, stalls: .random(seed: seed))
      driver.send(contentsOf: numbers)
      let monitors = (0..<branches).map { branch in
        StreamMonitor(sim, \.outputs[branch], stalls: .random(seed: 100 * seed + UInt64(branch)))
      }
      let bench = StreamBench(sim, [driver] + monitors)
      try bench.run(until: { monitors.allSatisfy { $0.count == numbers.count } }, limit: 100_000)
      try bench.run(cycles: 50)
      for (branch, monitor) in monitors.enumerated() {
        #expect(monitor.values == numbers, "branch \(branch) of \(branches), seed \(seed)")
      }
    }
  }

  @Test func forkIsEager() throws {
    let sim = try Simulation(Fork(of: .unsigned(8), branches: 2))
    let driver = StreamDriver(sim, \.input)
    driver.send(contentsOf: [1, 2, 3])
    let quick = StreamMonitor(sim, \.outputs[0])
    let stuck = StreamMonitor(sim, \.outputs[1], stalls: .random(seed: 0, probability: 1))
    try StreamBench(sim, driver, quick, stuck).run(cycles: 10)
    #expect(quick.values == [1])
    #expect(quick.cycles == [0])
    #expect(driver.sentCount == 0)
  }

  @Test func forkRunsAtFullThroughput() throws {
    let sim = try Simulation(Fork(of: .unsigned(8), branches: 2))
    let driver = StreamDriver(sim, \.input)
    driver.send(contentsOf: 0..<100)
    let monitors = [StreamMonitor(sim, \.outputs[0]), StreamMonitor(sim, \.outputs[1])]
    try StreamBench(sim, [driver] + monitors).run(cycles: 100)
    for monitor in monitors { #expect(monitor.cycles == Array(0..<100)) }
  }

  @Test(arguments: [1, 2, 3, 6]) func joinPairsPayloadsInOrder(streams: Int) throws {
    for seed in 1...4 as ClosedRange<UInt64> {
      let sim = try Simulation(Join(of: .signed(9), streams: streams))
      let drivers = (0..<streams).map { stream in
        StreamDriver(sim, \.inputs[stream], stalls: .random(seed: 100 * seed + UInt64(stream)))
      }
      for (stream, driver) in drivers.enumerated() { driver.send(contentsOf: (0..<150).map { $0 - 40 * stream }) }
      let monitor = StreamMonitor(sim, \.output, stalls: .random(seed: seed))
      let bench = StreamBench(sim, drivers + [monitor])
      try bench.run(until: { monitor.count == 150 }, limit: 100_000)
      try bench.run(cycles: 50)
      let sent: [[Int]] = (0..<150).map { (place: Int) in (0..<streams).map { (stream: Int) in place - 40 * stream } }
      #expect(monitor.vectors == sent, "\(streams) streams, seed \(seed)")
    }
  }

  @Test func joinRunsAtFullThroughput() throws {
    let sim = try Simulation(Join(of: .unsigned(8), streams: 2))
    let drivers = [StreamDriver(sim, \.inputs[0]), StreamDriver(sim, \.inputs[1])]
    for driver in drivers { driver.send(contentsOf: 0..<100) }
    let monitor = StreamMonitor(sim, \.output)
    try StreamBench(sim, drivers + [monitor]).run(cycles: 100)
    #expect(monitor.cycles == Array(0..<100))
  }

  @Test func zipPairsDifferentPayloads() throws {
    let seed: UInt64 = 3
    let sim = try Simulation(Zip(of: .signed(9), .vector(2, of: .unsigned(4))))
    let first = StreamDriver(sim, \.first, stalls: .random(seed: seed))
    let second = StreamDriver(sim, \.second, stalls: .random(seed: seed + 1))
    let monitor = StreamMonitor(sim, \.output, stalls: .random(seed: seed + 2))
    first.send(contentsOf: (0..<100).map { 20 - $0 })
    second.send(contentsOf: (0..<100).map { [$0 % 16, $0 % 7] })
    try StreamBench(sim, first, second, monitor).run(until: { monitor.count == 100 }, limit: 10_000)
    #expect(monitor.vectors == (0..<100).map { [20 - $0, $0 % 16, $0 % 7] }, "seed \(seed)")
  }

  @Test func mapChangesPayloadsOnTheWay() throws {
    let seed: UInt64 = 4
    let payloads = (0..<100).map { BitVector(truncating: 255 - $0, width: 8) }
    let found = try passed(payloads, through: Incrementing(), \.input, \.output, seed: seed)
    #expect(found == (0..<100).map { BitVector(truncating: 256 - $0, width: 9) }, "seed \(seed)")
  }
}
