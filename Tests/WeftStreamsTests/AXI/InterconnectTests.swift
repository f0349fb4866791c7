import Testing
import Weft
import WeftLint
import WeftSimulation
import WeftStreams

private let slow = Domain(clock: "slow_clock", reset: "slow_reset")
private let fast = Domain(clock: "fast_clock", reset: "fast_reset")

/// Converters and crossbars between managers and memories.
@Suite struct InterconnectTests {
  /// What random accesses of a manager come to: reads see what was written before.
  private struct Accesses {
    var expected: [UInt8]
    var reads: [(place: Int, addresses: Range<Int>)] = []
    private var generator: SplitMix64
    let base: Int

    init(base: Int, count: Int, seed: UInt64) {
      self.base = base
      expected = Array(repeating: 0, count: count)
      generator = SplitMix64(seed: seed)
    }

    /// Queues writes to the lower half of the addresses; the other half is read.
    mutating func queue(_ count: Int, on manager: AXIManager, image: [UInt8]) {
      let half = expected.count / 2
      for index in 0..<count {
        let length = Int.random(in: 1...(index % 4 == 0 ? 600 : 30), using: &generator)
        let offset = Int.random(in: 0..<(half - length), using: &generator)
        let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
        manager.write(bytes, at: base + offset, identifier: index & 1)
        expected.replaceSubrange(offset..<(offset + length), with: bytes)
        let start = base + half + offset
        for request in AXIRequest.covering(start..<(start + length), size: manager.fullSize, identifier: index & 1) {
          reads.append((manager.read(request), request.addresses))
        }
      }
    }
  }

  /// Whether both sides of a converter keep the rules.
  private func watch(_ sim: Simulation<AXIWidthConverter>) -> [any StreamAgent] {
    [AXIChecker(sim, \.manager), AXIChecker(sim, \.subordinate)]
  }

  @Test(arguments: [(64, 64), (32, 64), (64, 32), (8, 128), (128, 8), (32, 512), (256, 32)])
  func widthsAreConverted(from: Int, to: Int) throws {
    let seed = UInt64(from * 1_000 + to)
    let sim = try Simulation(AXIWidthConverter(addressWidth: 32, from: from, to: to))
    let manager = AXIManager(sim, \.manager, stalls: .random(seed: seed))
    let memory = AXIMemory(
      sim, \.subordinate, timing: MemoryTiming(latency: 5, jitter: 9, seed: seed), stalls: .random(seed: ~seed))
    let image = randomBytes(4_096, seed: seed)
    memory.memory.write(image, at: 0x2000)
    var accesses = Accesses(base: 0x1000, count: 8_192, seed: seed)
    accesses.queue(40, on: manager, image: image)
    try StreamBench(sim, [manager, memory] + watch(sim)).run(until: { manager.isIdle }, limit: 400_000)
    #expect(memory.memory[0x1000..<0x2000] == Array(accesses.expected[0..<0x1000]), "seed \(seed)")
    #expect(manager.writes.allSatisfy { $0.response == .okay })
    for (place, addresses) in accesses.reads {
      let expected = addresses.map { $0 < 0x3000 ? image[$0 - 0x2000] : 0 }
      try #require(manager.reads[place].bytes == expected, "read \(place), seed \(seed)")
    }
  }

  @Test(arguments: [(32, 64), (64, 32)]) func otherBurstsAreRefused(from: Int, to: Int) throws {
    let sim = try Simulation(AXIWidthConverter(addressWidth: 32, from: from, to: to))
    let manager = AXIManager(sim, \.manager)
    let memory = AXIMemory(sim, \.subordinate)
    let size = manager.fullSize
    memory.memory.write(Array(1...64), at: 0x100)
    let requests = [
      AXIRequest(address: 0x100, beats: 4, size: size, burst: .wrapping),
      AXIRequest(address: 0x100, beats: 3, size: size, burst: .fixed), AXIRequest(address: 0x100, beats: 2, size: 0),
      AXIRequest(address: 0x100, beats: 2, size: size), AXIRequest(address: 0x103, beats: 1, size: 0),
    ]
    for request in requests {
      manager.read(request)
      manager.write(request, Array(repeating: 9, count: request.byteCount))
    }
    try StreamBench(sim, [manager, memory] + watch(sim)).run(until: { manager.isIdle }, limit: 1_000)
    #expect(
      manager.reads.map { Set($0.responses) }
        == [[.subordinateError], [.subordinateError], [.subordinateError], [.okay], [.okay]])
    #expect(
      manager.writes.map(\.response)
        == [.subordinateError, .subordinateError, .subordinateError, .okay, .okay])
    #expect(manager.reads.map(\.responses.count) == [4, 3, 2, 2, 1])
    #expect(memory.memory[0x100..<(0x100 + 2 << size)].allSatisfy { $0 == 9 })
  }

  @Test func convertersKeepWhatIsSaidOfAnAccess() throws {
    let sim = try Simulation(AXIWidthConverter(addressWidth: 32, from: 32, to: 64))
    let drivers = [StreamDriver(sim, \.manager.ar), StreamDriver(sim, \.manager.aw)]
    let monitors = [StreamMonitor(sim, \.subordinate.ar), StreamMonitor(sim, \.subordinate.aw)]
    // Identifier, address, length, size, burst, lock, cache, protection, quality.
    for driver in drivers {
      driver.send(contentsOf: [[1, 0x104, 3, 2, 1, 0, 15, 5, 9], [0, 0x200, 0, 2, 1, 0, 2, 1, 3]])
    }
    try StreamBench(sim, drivers as [any StreamAgent] + monitors).run(cycles: 20)
    for monitor in monitors {
      #expect(monitor.vectors == [[0, 0x100, 2, 3, 1, 0, 15, 5, 9], [0, 0x200, 0, 3, 1, 0, 2, 1, 3]])
    }
  }

  @Test(arguments: [(32, 64), (64, 32)]) func convertersTellErrors(from: Int, to: Int) throws {
    let sim = try Simulation(AXIWidthConverter(addressWidth: 32, from: from, to: to))
    let manager = AXIManager(sim, \.manager)
    let memory = AXIMemory(sim, \.subordinate)
    memory.faults = [AXIFault(0x108..<0x10c)]
    let request = AXIRequest(address: 0x100, beats: 128 / from * 2, size: manager.fullSize)
    manager.read(request)
    manager.write(request, Array(repeating: 1, count: request.byteCount))
    try StreamBench(sim, [manager, memory] + watch(sim)).run(until: { manager.isIdle }, limit: 1_000)
    let faulty = manager.reads[0].responses.map { $0 == .subordinateError }
    // All that one of the wider beats carries shares its response.
    #expect(faulty.indices.filter { faulty[$0] } == (from == 32 ? [2, 3] : [1]))
    #expect(manager.writes[0].response == .subordinateError)
  }

  @Test(arguments: [(32, 64), (64, 32)]) func convertersKeepTheNarrowSideBusy(from: Int, to: Int) throws {
    let sim = try Simulation(AXIWidthConverter(addressWidth: 32, from: from, to: to))
    let manager = AXIManager(sim, \.manager)
    let memory = AXIMemory(sim, \.subordinate, timing: MemoryTiming(latency: 8, outstanding: 16))
    for index in 0..<32 {
      manager.read(AXIRequest(address: 0x100 * index, beats: 2_048 / from, size: manager.fullSize))
    }
    let bench = StreamBench(sim, manager, memory)
    let cycles = try bench.run(until: { manager.isIdle }, limit: 10_000)
    // 8192 bytes, four a cycle, and the way there and back of the first.
    #expect((2_048...2_064).contains(cycles), "\(cycles)")
  }

  @Test(arguments: [1, 2, 3]) func crossbarsConnect(seed: UInt64) throws {
    let crossbar = AXICrossbar(
      of: .bundle(AXI4(addressWidth: 32, dataWidth: 32, idWidth: 2)), managers: 2,
      regions: [
        AXIRegion(base: 0x1_0000, size: 0x1_0000), AXIRegion(base: 0x4000, size: 0x1000),
        AXIRegion(base: 0, size: 0x1000),
      ],
      outstanding: 3)
    let sim = try Simulation(crossbar)
    let managers = [
      AXIManager(sim, \.managers[0], stalls: .random(seed: seed)),
      AXIManager(sim, \.managers[1], stalls: .random(seed: seed + 100)),
    ]
    let timing = MemoryTiming(latency: 3, jitter: 7, seed: seed)
    let memories = [
      AXIMemory(sim, \.subordinates[0], timing: timing, order: .interleaved, stalls: .random(seed: ~seed)),
      AXIMemory(sim, \.subordinates[1], timing: timing, order: .anyIdentifier, stalls: .random(seed: ~seed - 1)),
      AXIMemory(sim, \.subordinates[2], timing: timing, stalls: .random(seed: ~seed - 2)),
    ]
    let bases = [0x1_0000, 0x4000, 0]
    var generator = SplitMix64(seed: seed)
    var expected: [Int: UInt8] = [:]
    var reads: [(manager: Int, place: Int, addresses: Range<Int>, isThere: Bool)] = []
    var writes: [(manager: Int, place: Int, isThere: Bool)] = []
    for (index, memory) in memories.enumerated() {
      memory.memory.write(randomBytes(0x400, seed: seed + UInt64(index)), at: bases[index] + 0x800)
    }
    for index in 0..<120 {
      let (manager, target) = (index % 2, Int.random(in: 0...3, using: &generator))
      let base = target < 3 ? bases[target] : 0x8000
      let offset = 0x200 * manager + Int.random(in: 0..<0x180, using: &generator)
      let bytes = randomBytes(Int.random(in: 1...100, using: &generator), seed: generator.next())
      let identifier = Int.random(in: 0...3, using: &generator)
      let places = managers[manager].write(bytes, at: base + offset, identifier: identifier)
      for place in places { writes.append((manager, place, target < 3)) }
      if target < 3 { for (position, byte) in bytes.enumerated() { expected[base + offset + position] = byte } }
      let request = AXIRequest(
        address: base + 0x800 + 4 * Int.random(in: 0..<0x80, using: &generator),
        beats: Int.random(in: 1...20, using: &generator), size: 2, identifier: Int.random(in: 0...3, using: &generator))
      reads.append((manager, managers[manager].read(request), request.addresses, target < 3))
    }
    let checkers = [
      AXIChecker(sim, \.managers[0]), AXIChecker(sim, \.managers[1]), AXIChecker(sim, \.subordinates[0]),
      AXIChecker(sim, \.subordinates[1]), AXIChecker(sim, \.subordinates[2]),
    ]
    try StreamBench(sim, managers as [any StreamAgent] + memories + checkers).run(
      until: { managers.allSatisfy(\.isIdle) }, limit: 200_000)
    for write in writes {
      #expect(managers[write.manager].writes[write.place].response == (write.isThere ? .okay : .decodeError))
    }
    for read in reads {
      let result = managers[read.manager].reads[read.place]
      #expect(Set(result.responses) == [read.isThere ? .okay : .decodeError])
      #expect(result.responses.count == result.request.beats)
      guard read.isThere, let target = bases.firstIndex(where: { (read.addresses.lowerBound - $0) >> 12 == 0 }) else {
        continue
      }
      #expect(result.bytes == memories[target].memory[read.addresses], "seed \(seed)")
    }
    for (address, byte) in expected {
      let target = bases.firstIndex { (address - $0) >> 12 == 0 } ?? 0
      try #require(memories[target].memory[address] == byte, "address \(address), seed \(seed)")
    }
  }

  @Test func crossbarsExplainMistakes() {
    let error = #expect(throws: ElaborationError.self) {
      try Design(
        AXICrossbar(
          of: .bundle(AXI4(addressWidth: 16, dataWidth: 32)), managers: 1,
          regions: [
            AXIRegion(base: 0x100, size: 0x1000), AXIRegion(base: 0, size: 0x800),
            AXIRegion(base: 0x1_0000, size: 0x1000),
          ]))
    }
    let text = error.map { "\($0)" } ?? ""
    for sentence in [
      "a region of 4096 bytes begins at a multiple of them; 256 was given",
      "the region of a subordinate has 4096, 8192 ... bytes; 2048 were given",
      "the region of 4096 bytes from 65536 on lies beyond an address of 16 bits",
      "the regions from 256 and from 0 on overlap; an address has one subordinate",
    ] {
      #expect(text.contains(sentence), "\(text)")
    }
  }

  @Test(arguments: [(7, 3), (3, 8), (5, 5)]) func clocksAreConverted(slowHalf: Int, fastHalf: Int) throws {
    let bus = Shape<AXI4>.bundle(AXI4(addressWidth: 32, dataWidth: 32))
    let sim = try Simulation(AXIClockConverter(of: bus, depth: 4, from: slow, to: fast))
    let engine = sim.engine
    for name in [slow.reset, fast.reset] { engine.storage(ofPort: name)?.unsignedValue = 1 }
    let manager = AXIManager(sim, \.manager, stalls: .random(seed: 3))
    let memory = AXIMemory(sim, \.subordinate, stalls: .random(seed: 4))
    let bytes = randomBytes(200, seed: 5)
    manager.write(bytes, at: 0x105)
    var levels = [false, false]
    var isReset = true
    for tick in 0..<60_000 where !(manager.isIdle && tick > 100) {
      if isReset, tick == 100 {
        isReset = false
        for name in [slow.reset, fast.reset] { engine.storage(ofPort: name)?.unsignedValue = 0 }
      }
      let turns = [tick % slowHalf == 0, tick % fastHalf == 0]
      if !isReset {
        if turns[0], !levels[0] { manager.drive() }
        if turns[1], !levels[1] { memory.drive() }
        engine.evaluate()
        if turns[0], !levels[0] { try manager.observe(cycle: tick) }
        if turns[1], !levels[1] { try memory.observe(cycle: tick) }
      }
      for (clock, name) in [slow.clock, fast.clock].enumerated() where turns[clock] {
        levels[clock].toggle()
        engine.storage(ofPort: name)?.unsignedValue = levels[clock] ? 1 : 0
      }
      engine.evaluate()
    }
    #expect(manager.isIdle)
    #expect(memory.memory[0x105..<0x1cd] == bytes)
  }

  @Test func interconnectsAreCleanVerilog() throws {
    let bus = Shape<AXI4>.bundle(AXI4(addressWidth: 32, dataWidth: 32, idWidth: 2))
    let designs = try [
      Design(AXIWidthConverter(addressWidth: 32, from: 32, to: 64)),
      Design(AXIWidthConverter(addressWidth: 32, from: 128, to: 8)),
      Design(AXIWidthConverter(addressWidth: 40, from: 64, to: 64, idWidth: 4)),
      Design(AXIClockConverter(of: bus, from: slow, to: fast)),
      Design(AXICrossbar(of: bus, managers: 1, regions: [AXIRegion(base: 0, size: 0x1000)])),
      Design(
        AXICrossbar(
          of: bus, managers: 3, regions: [AXIRegion(base: 0, size: 0x1000), AXIRegion(base: 0x1000, size: 0x1000)])),
    ]
    for design in designs {
      let complaints = try LintTools.complaints(about: design)
      #expect(complaints.isEmpty, "\(design.top.summary):\n\(complaints)")
    }
  }
}
