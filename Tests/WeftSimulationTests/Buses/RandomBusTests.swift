import Testing
import Weft
import WeftSimulation

/// A bus inside a module, between two parts of it.
private struct InnerBus: Module {
  private var bus: Shape<AXI4> { .bundle(AXI4(addressWidth: 32, dataWidth: 64, idWidth: 3)) }
  var s_axi: AXI4 { input(bus) }
  var m_axi: AXI4 { output(bus) }
  var link: AXI4 { wire(bus) }
  var body: Circuit {
    link <== s_axi
    m_axi <== link
  }
}

/// Bursts at random, legal ones of all kinds.
private struct RandomBursts {
  var generator: SplitMix64
  let fullSize: Int

  mutating func burst(in addresses: Range<Int>) -> AXIRequest {
    let size = Bool.random(using: &generator) ? fullSize : Int.random(in: 0...fullSize, using: &generator)
    let identifier = Int.random(in: 0..<8, using: &generator)
    var address = Int.random(in: addresses, using: &generator)
    let burst = AXIBurst.allCases.randomElement(using: &generator) ?? .incrementing
    let beats: Int
    switch burst {
    case .fixed: beats = Int.random(in: 1...16, using: &generator)
    case .wrapping:
      beats = 2 << Int.random(in: 0...3, using: &generator)
      address = (address >> size) << size
    case .incrementing:
      let page = min(addresses.upperBound, (address / 4096 + 1) * 4096)
      let longest = min(256, (page - 1) >> size - address >> size + 1)
      beats = Int.random(in: 1...(Bool.random(using: &generator) ? longest : min(longest, 4)), using: &generator)
    }
    return AXIRequest(address: address, beats: beats, size: size, burst: burst, identifier: identifier)
  }

  mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
  }
}

/// The addresses of the bytes of a burst, one after the other, by the formulas of the standard.
private func byteAddresses(_ request: AXIRequest) -> [Int] {
  let bytes = 1 << request.size
  let aligned = request.address / bytes * bytes
  let boundary = request.address / (bytes * request.beats) * (bytes * request.beats)
  return (0..<request.beats).flatMap { beat in
    if beat == 0 || request.burst == .fixed { return Array(request.address..<(aligned + bytes)) }
    var start = aligned + beat * bytes
    if request.burst == .wrapping && start >= boundary + bytes * request.beats { start -= bytes * request.beats }
    return Array(start..<(start + bytes))
  }
}

@Suite struct RandomBusTests {
  /// Rounds of writes to one half of a memory beside reads of the other.
  private func run<M: Module>(
    _ module: M, _ input: KeyPath<M, AXI4>, _ watched: KeyPath<M, AXI4>, _ output: KeyPath<M, AXI4>, engine: EngineKind,
    seed: UInt64, rounds: Int, order: AXIMemory.Order
  ) throws {
    let sim = try Simulation(module, engine: engine)
    let half = 8192
    var contents = (0..<(2 * half)).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 >> 8) }
    let manager = AXIManager(sim, input, stalls: .random(seed: seed))
    let memory = AXIMemory(
      sim, output, memory: ByteMemory(contents), at: 0..<(2 * half),
      timing: MemoryTiming(words: 3, cycles: 4, latency: 5, jitter: 30, seed: seed, outstanding: 8), order: order,
      stalls: .random(seed: ~seed))
    let checkers = [AXIChecker(sim, input), AXIChecker(sim, watched), AXIChecker(sim, output)]
    let bench = StreamBench(sim, [manager, memory] + checkers as [any StreamAgent])
    var bursts = RandomBursts(generator: SplitMix64(seed: seed), fullSize: manager.fullSize)
    for round in 0..<rounds {
      let writing = round % 2 * half..<(round % 2 + 1) * half
      let reading = half - writing.lowerBound..<2 * half - writing.lowerBound
      let firstRead = manager.reads.count
      var written = contents
      for _ in 0..<20 {
        let burst = bursts.burst(in: writing)
        let bytes = bursts.bytes(burst.byteCount)
        let strobes = bytes.map { _ in bursts.generator.next() & 3 != 0 }
        manager.write(burst, bytes, strobes: strobes)
        for (index, address) in byteAddresses(burst).enumerated() where strobes[index] { written[address] = bytes[index] }
        manager.read(bursts.burst(in: reading))
      }
      try bench.run(until: { manager.isIdle && memory.isIdle }, limit: 200_000)
      for read in manager.reads[firstRead...] {
        #expect(read.bytes == byteAddresses(read.request).map { contents[$0] }, "seed \(seed), \(read.request)")
        #expect(read.responses.allSatisfy { $0 == .okay }, "seed \(seed)")
      }
      contents = written
    }
    #expect(memory.memory[0..<(2 * half)] == contents, "seed \(seed)")
    #expect(manager.writes.allSatisfy { $0.response == .okay }, "seed \(seed)")
    #expect(checkers.allSatisfy { $0.isIdle && $0.violations.isEmpty }, "seed \(seed)")
    #expect(memory.writes.bursts == 20 * rounds && memory.reads.bursts == 20 * rounds, "seed \(seed)")
  }

  @Test(arguments: [EngineKind.interpreter, .verilator])
  func thousandsOfBurstsArrive(engine: EngineKind) throws {
    let orders: [AXIMemory.Order] = [.asRequested, .anyIdentifier, .interleaved]
    for (index, order) in orders.enumerated() {
      try run(
        BusPassage(), \.s_axi, \.m_axi, \.m_axi, engine: engine, seed: UInt64(index + 1), rounds: 25, order: order)
    }
  }

  @Test(arguments: [8, 32, 1024]) func busesOfAllWidthsCarryBytes(width: Int) throws {
    try run(
      BusPassage(dataWidth: width), \.s_axi, \.m_axi, \.m_axi, engine: .interpreter, seed: UInt64(width), rounds: 4,
      order: .interleaved)
  }

  @Test func busesInsideAModuleCanBeWatched() throws {
    try run(InnerBus(), \.s_axi, \.link, \.m_axi, engine: .interpreter, seed: 4, rounds: 2, order: .asRequested)
  }
}
