import Testing
import Weft
import WeftSimulation
import WeftStreams

/// Queues and registers keep order and lose nothing, run at a payload a cycle and hold what they promise.
@Suite struct BufferTests {
  @Test(arguments: [1, 2, 3, 5, 8, 16, 21]) func fifoKeepsOrderUnderStalls(depth: Int) throws {
    for seed in 1...4 as ClosedRange<UInt64> {
      let payloads = randomPayloads(200, width: 9, seed: seed)
      let module = FIFO(of: .unsigned(9), depth: depth)
      let found = try passed(payloads, through: module, \.input, \.output, seed: seed)
      #expect(found == payloads, "\(module), seed \(seed)")
    }
  }

  @Test(arguments: [1, 2, 3, 5, 8, 16, 21]) func blockRAMFIFOKeepsOrderUnderStalls(depth: Int) throws {
    for seed in 1...4 as ClosedRange<UInt64> {
      let payloads = randomPayloads(200, width: 9, seed: seed)
      let module = BlockRAMFIFO(of: .unsigned(9), depth: depth)
      let found = try passed(payloads, through: module, \.input, \.output, seed: seed)
      #expect(found == payloads, "\(module), seed \(seed)")
    }
  }

  @Test func pipelineRegisterKeepsOrderUnderStalls() throws {
    for seed in 1...20 as ClosedRange<UInt64> {
      let payloads = randomPayloads(200, width: 5, seed: seed)
      let found = try passed(payloads, through: PipelineRegister(of: .bits(5)), \.input, \.output, seed: seed)
      #expect(found == payloads, "seed \(seed)")
    }
  }

  private func passesAllBuffers<P: Signal>(_ shape: Shape<P>) throws {
    let seed: UInt64 = 77
    let payloads = randomPayloads(60, width: shape.width, seed: seed)
    #expect(
      try passed(payloads, through: FIFO(of: shape, depth: 3), \.input, \.output, seed: seed) == payloads,
      "seed \(seed)")
    #expect(
      try passed(payloads, through: BlockRAMFIFO(of: shape, depth: 3), \.input, \.output, seed: seed) == payloads,
      "seed \(seed)")
    #expect(
      try passed(payloads, through: PipelineRegister(of: shape), \.input, \.output, seed: seed) == payloads,
      "seed \(seed)")
  }

  @Test func payloadsOfEveryKindPass() throws {
    try passesAllBuffers(.bit)
    try passesAllBuffers(.signed(64))
    try passesAllBuffers(.unsigned(150))
    try passesAllBuffers(.vector(5, of: .signed(13)))
    try passesAllBuffers(.vector(3, of: .vector(2, of: .unsigned(7))))
    try passesAllBuffers(.bundle(Sample()))
    try passesAllBuffers(.vector(2, of: .bundle(Sample())))
  }

  @Test(arguments: [2, 3, 4, 7]) func fifosRunAtFullThroughput(depth: Int) throws {
    let payloads = randomPayloads(100, width: 8, seed: 1)
    let shape = Shape<Unsigned>.unsigned(8)
    #expect(
      try flow(of: payloads, through: FIFO(of: shape, depth: depth), \.input, \.output, cycles: 110).cycles
        == Array(1...100))
    #expect(
      try flow(of: payloads, through: BlockRAMFIFO(of: shape, depth: depth), \.input, \.output, cycles: 110).cycles
        == Array(2...101))
  }

  @Test func smallestBuffersRunAsTheyPromise() throws {
    let payloads = randomPayloads(100, width: 8, seed: 1)
    let shape = Shape<Unsigned>.unsigned(8)
    #expect(
      try flow(of: payloads, through: FIFO(of: shape, depth: 1), \.input, \.output, cycles: 110).cycles
        == Array(1...100))
    #expect(
      try flow(of: payloads, through: BlockRAMFIFO(of: shape, depth: 1), \.input, \.output, cycles: 210).cycles
        == Array(stride(from: 2, through: 200, by: 2)))
    #expect(
      try flow(of: payloads, through: PipelineRegister(of: shape), \.input, \.output, cycles: 110).cycles
        == Array(1...100))
  }

  @Test(arguments: [1, 2, 5, 8]) func buffersHoldWhatTheyPromise(depth: Int) throws {
    let payloads = randomPayloads(40, width: 8, seed: 1)
    let shape = Shape<Unsigned>.unsigned(8)
    #expect(try capacity(of: FIFO(of: shape, depth: depth), \.input, \.output, payloads: payloads) == depth)
    #expect(
      try capacity(of: BlockRAMFIFO(of: shape, depth: depth), \.input, \.output, payloads: payloads) == depth + 1)
    #expect(try capacity(of: PipelineRegister(of: shape), \.input, \.output, payloads: payloads) == 2)
  }

  private func countsWhatItHolds<M: Module>(
    _ module: M, _ input: KeyPath<M, Stream<Unsigned>>, _ output: KeyPath<M, Stream<Unsigned>>,
    _ count: KeyPath<M, Unsigned>, capacity: Int
  ) throws {
    let seed: UInt64 = 5
    let sim = try Simulation(module)
    let (source, sink) = stalls(seed)
    let driver = StreamDriver(sim, input, stalls: source)
    let monitor = StreamMonitor(sim, output, stalls: sink)
    driver.send(contentsOf: randomNumbers(600, bits: 8, seed: seed))
    let bench = StreamBench(sim, driver, monitor)
    var seen: Set<Int> = []
    for cycle in 0..<800 {
      try bench.step()
      let held = driver.sentCount - monitor.count
      seen.insert(held)
      #expect(sim[count].value == held, "\(module), cycle \(cycle), seed \(seed)")
    }
    #expect(seen == Set(0...capacity), "\(module), seed \(seed)")
  }

  @Test(arguments: [1, 3, 4]) func fifosCountWhatTheyHold(depth: Int) throws {
    try countsWhatItHolds(FIFO(of: .unsigned(8), depth: depth), \.input, \.output, \.count, capacity: depth)
    try countsWhatItHolds(BlockRAMFIFO(of: .unsigned(8), depth: depth), \.input, \.output, \.count, capacity: depth + 1)
  }
}
