import Testing
import Weft
import WeftSimulation

/// A stream straight through.
private struct Passage<Payload: Signal>: Module {
  let payload: Shape<Payload>
  var input: Stream<Payload> { sink(payload) }
  var output: Stream<Payload> { source(payload) }
  var taken: Unsigned { register(.unsigned(16), reset: 0) }
  var takenCount: Unsigned { output(.unsigned(16)) }
  var body: Circuit {
    output <== input
    When(input.fires) { taken <== taken &+ 1 }
    takenCount <== taken
  }
}

/// A source that does not keep what it offers.
private struct Fickle: Module {
  var retracts: Bool
  var output: Stream<Unsigned> { source(.unsigned(8)) }
  var ticks: Unsigned { register(.unsigned(8), reset: 0) }
  var body: Circuit {
    ticks <== ticks &+ 1
    output.valid <== (retracts ? ticks[0] : 1)
    output.payload <== (retracts ? 5 : ticks)
  }
}

private struct Word: Bundle {
  var level: Signed = field(.signed(70))
  var taps: Vector<Unsigned> = field(.vector(3, of: .unsigned(50)))
  var flag: Bit = field(.bit)
}

@Suite struct StreamAgentTests {
  private func pass<P: Signal>(_ shape: Shape<P>, seed: UInt64, count: Int, send: (StreamDriver) -> Void) throws
    -> StreamMonitor
  {
    let sim = try Simulation(Passage(payload: shape))
    let driver = StreamDriver(sim, \.input, stalls: .random(seed: seed))
    let monitor = StreamMonitor(sim, \.output, stalls: .random(seed: seed + 1))
    send(driver)
    let bench = StreamBench(sim, driver, monitor)
    try bench.run(until: { driver.isIdle }, limit: 10_000)
    try bench.run(cycles: 40)
    #expect(driver.sentCount == count)
    #expect(sim.takenCount == count)
    return monitor
  }

  @Test func scalarsPass() throws {
    #expect(
      try pass(.signed(8), seed: 1, count: 4) { $0.send(contentsOf: [-128, -1, 0, 127]) }.values == [-128, -1, 0, 127])
    #expect(try pass(.unsigned(63), seed: 1, count: 2) { $0.send(contentsOf: [.max, 1]) }.values == [.max, 1])
    #expect(try pass(.signed(64), seed: 1, count: 2) { $0.send(contentsOf: [.max, .min]) }.values == [.max, .min])
    #expect(try pass(.signed(100), seed: 1, count: 2) { $0.send(contentsOf: [.max, .min]) }.values == [.max, .min])
    #expect(try pass(.bit, seed: 1, count: 3) { $0.send(contentsOf: [1, 0, 1]) }.values == [1, 0, 1])
  }

  @Test func vectorsPass() throws {
    let vectors = (0..<50).map { base in (0..<11).map { (base * 37 + $0 * 11) % 4096 - 2048 } }
    #expect(
      try pass(.vector(11, of: .signed(12)), seed: 2, count: 50) { $0.send(contentsOf: vectors) }.vectors == vectors)
    let nested = [[1, 2, 3, 4, 5, 6], [7, 0, 7, 0, 7, 0]]
    let shape = Shape<Vector<Vector<Unsigned>>>.vector(2, of: .vector(3, of: .unsigned(3)))
    #expect(try pass(shape, seed: 2, count: 2) { $0.send(contentsOf: nested) }.vectors == nested)
  }

  @Test func bundlesPassAsNumbersAndAsBits() throws {
    let numbers = [[-5, 1, 2, 3, 1], [Int.min, 0, 1 << 49, 7, 0]]
    let monitor = try pass(.bundle(Word()), seed: 3, count: 2) { $0.send(contentsOf: numbers) }
    #expect(monitor.vectors == numbers)
    var bits = BitVector(truncating: -5, width: 221)
    for (index, value) in [1, 2, 3].enumerated() {
      bits.insert(BitVector(truncating: value, width: 50), at: 70 + 50 * index)
    }
    bits.insert(BitVector(truncating: 1, width: 1), at: 220)
    #expect(monitor.bits(at: 0) == bits)
    let copied = try pass(.bundle(Word()), seed: 4, count: 1) { $0.send(bits) }
    #expect(copied.vectors == [numbers[0]])
  }

  private func cycles(seed: UInt64) throws -> [Int] {
    try pass(.unsigned(8), seed: seed, count: 100) { $0.send(contentsOf: 0..<100) }.cycles
  }

  @Test func seedsReproduceStalls() throws {
    #expect(try cycles(seed: 5) == cycles(seed: 5))
    #expect(try cycles(seed: 5) != cycles(seed: 6))
  }

  @Test func nobodyStallsUnlessAsked() throws {
    let sim = try Simulation(Passage(payload: .unsigned(8)))
    let driver = StreamDriver(sim, \.input)
    let monitor = StreamMonitor(sim, \.output)
    driver.send(contentsOf: 0..<100)
    try StreamBench(sim, driver, monitor).run(cycles: 100)
    #expect(monitor.cycles == Array(0..<100))
    #expect(driver.isIdle)
    driver.send(7)
    #expect(try StreamBench(sim, driver, monitor).run(until: { driver.isIdle }, limit: 5) == 1)
    #expect(monitor.values.last == 7)
    monitor.removeAll()
    #expect(monitor.values.isEmpty)
  }

  @Test func aStallingSinkSeesTheSamePayloadUntilItTakesIt() throws {
    let sim = try Simulation(Passage(payload: .unsigned(8)))
    let driver = StreamDriver(sim, \.input)
    driver.send(contentsOf: [11, 22])
    let bench = StreamBench(sim, driver)
    for _ in 0..<5 {
      try bench.step()
      #expect(sim[\.output.valid].value == 1)
      #expect(sim[\.output.payload].value == 11)
    }
    sim[\.output.ready].value = 1
    try bench.step()
    sim[\.output.ready].value = 0
    try bench.step()
    #expect(sim[\.output.payload].value == 22)
  }

  @Test func probabilityIsThatOfAStall() throws {
    let sim = try Simulation(Passage(payload: .unsigned(16)))
    let driver = StreamDriver(sim, \.input)
    let monitor = StreamMonitor(sim, \.output, stalls: .random(seed: 9, probability: 0.25))
    driver.send(contentsOf: 0..<4000)
    try StreamBench(sim, driver, monitor).run(cycles: 4000)
    #expect((2800..<3200).contains(monitor.count), "\(monitor.count) of 4000, seed 9")
  }

  @Test(arguments: [true, false]) func brokenSourcesAreFound(retracts: Bool) throws {
    let sim = try Simulation(Fickle(retracts: retracts))
    let monitor = StreamMonitor(sim, \.output, stalls: .random(seed: 1, probability: 1))
    let error = #expect(throws: SimulationError.self) { try StreamBench(sim, monitor).run(cycles: 100) }
    let (cycle, breach) =
      retracts ? (2, "took back a payload before it was taken") : (1, "changed a payload before it was taken")
    #expect(
      error?.message
        == "cycle \(cycle): the source of `output` \(breach); valid and payload stay until ready is one (the monitor of "
        + "`output` took 0, one is offered and waits, stalls seeded with 1)")
  }

  @Test func aConditionThatNeverComesIsExplained() throws {
    let sim = try Simulation(Passage(payload: .unsigned(8)))
    let driver = StreamDriver(sim, \.input, stalls: .random(seed: 3, probability: 0))
    let monitor = StreamMonitor(sim, \.output)
    driver.send(contentsOf: [1, 2])
    let error = #expect(throws: SimulationError.self) {
      try StreamBench(sim, driver, monitor).run(until: { monitor.count == 3 }, limit: 10)
    }
    #expect(
      error?.message
        == "cycle 10: what was waited for did not come within 10 cycles; the driver of `input` sent 2, 0 wait, stalls "
        + "seeded with 3; the monitor of `output` took 2")
  }
}
