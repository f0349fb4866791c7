import Testing
import Weft
import WeftLint
import WeftSimulation
import WeftStreams

/// Ports of words on the channels of a bus.
@Suite struct AdapterTests {
  private static func reader(_ wordWidth: Int, longestBurst: Int = 256) -> AXIReadAdapter {
    AXIReadAdapter(
      of: .bundle(MemoryReadPort(addressWidth: 16, wordWidth: wordWidth, longestBurst: 400)), addressWidth: 32,
      outstanding: 4, longestBurst: longestBurst)
  }
  private static func writer(_ wordWidth: Int, longestBurst: Int = 256) -> AXIWriteAdapter {
    AXIWriteAdapter(
      of: .bundle(MemoryWritePort(addressWidth: 16, wordWidth: wordWidth, longestBurst: 400)), addressWidth: 32,
      outstanding: 4, longestBurst: longestBurst)
  }
  private static var readPorts: BusPorts<AXIReadAdapter> { BusPorts(ar: \.bus.ar, r: \.bus.r) }
  private static var writePorts: BusPorts<AXIWriteAdapter> { BusPorts(aw: \.bus.aw, w: \.bus.w, b: \.bus.b) }

  /// Random requests: the address of a word, and the number of words.
  private static func requests(_ count: Int, words: Int, longest: Int, seed: UInt64) -> [[Int]] {
    var generator = SplitMix64(seed: seed)
    return (0..<count).map { _ in
      let length = Int.random(in: 1...(Bool.random(using: &generator) ? 4 : longest), using: &generator)
      return [Int.random(in: 0..<(words - length), using: &generator), length]
    }
  }

  @Test(arguments: [(8, 256), (64, 16), (64, 256), (128, 256)])
  func wordsAreRead(wordWidth: Int, longestBurst: Int) throws {
    let seed = UInt64(wordWidth + longestBurst)
    for engine in wordWidth == 64 ? [EngineKind.interpreter, .verilator] : [.interpreter] {
      if engine == .verilator, !LintTools.has("verilator") { continue }
      let sim = try Simulation(Self.reader(wordWidth, longestBurst: longestBurst), engine: engine)
      let bytes = randomBytes(1 << 16, seed: seed)
      let memory = BusMemory(
        sim, Self.readPorts, dataWidth: wordWidth, bytes: bytes, behaviour: BusBehaviour(latency: 1...20, seed: seed))
      let requests = Self.requests(60, words: 1_000, longest: 400, seed: seed)
      let driver = StreamDriver(sim, \.memory.requests, stalls: .random(seed: seed))
      let monitor = StreamMonitor(sim, \.memory.words, stalls: .random(seed: ~seed))
      sim.baseAddress = 0x4_3000
      driver.send(contentsOf: requests)
      let words = requests.flatMap { $0[0]..<($0[0] + $0[1]) }
      try StreamBench(sim, driver, memory, monitor).run(
        until: { monitor.count == words.count && sim.isIdle == 1 }, limit: 200_000)
      let lanes = wordWidth / 8
      for (index, word) in words.enumerated() {
        var expected = BitVector(zero: wordWidth)
        for lane in 0..<lanes {
          let byte = Int(bytes[(0x3000 + word * lanes + lane) % bytes.count])
          expected.insert(BitVector(truncating: byte, width: 8), at: lane * 8)
        }
        try #require(monitor.bits(at: index) == expected, "word \(index), seed \(seed)")
      }
      #expect(memory.breaches.isEmpty, "\(memory.breaches.prefix(3)), seed \(seed)")
      #expect(memory.reads.allSatisfy { $0.beats <= longestBurst })
      #expect(sim.response == .okay)
    }
  }

  @Test(arguments: [(8, 256), (64, 16), (128, 256)])
  func wordsAreWritten(wordWidth: Int, longestBurst: Int) throws {
    let seed = UInt64(wordWidth + longestBurst)
    let sim = try Simulation(Self.writer(wordWidth, longestBurst: longestBurst))
    var bytes = randomBytes(1 << 16, seed: seed)
    let memory = BusMemory(
      sim, Self.writePorts, dataWidth: wordWidth, bytes: bytes, behaviour: BusBehaviour(latency: 1...20, seed: seed))
    let requests = Self.requests(60, words: 1_000, longest: 400, seed: seed)
    let driver = StreamDriver(sim, \.memory.requests, stalls: .random(seed: seed))
    let source = StreamDriver(sim, \.memory.words, stalls: .random(seed: ~seed))
    let lanes = wordWidth / 8
    let addresses = requests.flatMap { $0[0]..<($0[0] + $0[1]) }
    let words = randomPayloads(addresses.count, width: wordWidth + lanes, seed: seed)
    for (address, word) in zip(addresses, words) {
      for lane in 0..<lanes where word[wordWidth + lane] {
        bytes[(0x3000 + address * lanes + lane) % bytes.count] = UInt8(word.slice(low: lane * 8, width: 8).words[0])
      }
    }
    sim.baseAddress = 0x4_3000
    driver.send(contentsOf: requests)
    source.send(contentsOf: words)
    let counter = PulseCounter(sim[\.memory.isWritten])
    try StreamBench(sim, driver, source, memory, counter).run(
      until: { source.isIdle && sim.isIdle == 1 }, limit: 200_000)
    #expect(counter.count == requests.count)
    #expect(memory.bytes == bytes, "seed \(seed)")
    #expect(memory.breaches.isEmpty, "\(memory.breaches.prefix(3)), seed \(seed)")
    #expect(memory.writes.allSatisfy { $0.beats <= longestBurst })
    #expect(sim.response == .okay)
  }

  @Test func readsKeepTheBusBusy() throws {
    let sim = try Simulation(Self.reader(64))
    let memory = BusMemory(
      sim, Self.readPorts, dataWidth: 64, bytes: randomBytes(1 << 13, seed: 1),
      behaviour: BusBehaviour(latency: 10...10))
    let driver = StreamDriver(sim, \.memory.requests)
    let monitor = StreamMonitor(sim, \.memory.words)
    driver.send(contentsOf: (0..<40).map { [64 * $0, 64] })
    try StreamBench(sim, driver, memory, monitor).run(until: { monitor.count == 2_560 }, limit: 10_000)
    #expect(monitor.cycles == Array(11..<(11 + 2_560)))
  }

  @Test func writesKeepTheBusBusy() throws {
    let sim = try Simulation(Self.writer(64))
    let memory = BusMemory(
      sim, Self.writePorts, dataWidth: 64, bytes: randomBytes(1 << 13, seed: 1),
      behaviour: BusBehaviour(latency: 10...10))
    let driver = StreamDriver(sim, \.memory.requests)
    let source = StreamDriver(sim, \.memory.words)
    driver.send(contentsOf: (0..<40).map { [64 * $0, 64] })
    source.send(contentsOf: randomPayloads(2_560, width: 72, seed: 2))
    try StreamBench(sim, driver, source, memory).run(until: { source.isIdle }, limit: 10_000)
    #expect(memory.writeCycles == Array(2..<(2 + 2_560)))
  }

  @Test func readErrorsAreToldAndNothingHangs() throws {
    let sim = try Simulation(Self.reader(32))
    var behaviour = BusBehaviour()
    behaviour.answer = { ($0 & ~3) == 0x40 ? .subordinateError : $0 >= 0x80 ? .decodeError : .okay }
    let memory = BusMemory(sim, Self.readPorts, dataWidth: 32, bytes: Array(0...255), behaviour: behaviour)
    let driver = StreamDriver(sim, \.memory.requests)
    let monitor = StreamMonitor(sim, \.memory.words)
    let bench = StreamBench(sim, driver, memory, monitor)
    driver.send(contentsOf: [[0, 16]])
    try bench.run(until: { monitor.count == 16 }, limit: 100)
    #expect(sim.response == .okay)
    driver.send(contentsOf: [[16, 1], [32, 4], [0, 2]])
    try bench.run(until: { monitor.count == 23 }, limit: 100)
    #expect(sim.response == .subordinateError)
    sim.clearsError = 1
    try bench.step()
    sim.clearsError = 0
    #expect(sim.response == .okay)
    driver.send(contentsOf: [[33, 1]])
    try bench.run(until: { monitor.count == 24 }, limit: 100)
    #expect(sim.response == .decodeError)
  }

  @Test func writeErrorsAreTold() throws {
    let sim = try Simulation(Self.writer(32))
    var behaviour = BusBehaviour()
    behaviour.answer = { $0 == 0x40 ? .subordinateError : .okay }
    let memory = BusMemory(sim, Self.writePorts, dataWidth: 32, bytes: Array(0...255), behaviour: behaviour)
    let driver = StreamDriver(sim, \.memory.requests)
    let source = StreamDriver(sim, \.memory.words)
    let bench = StreamBench(sim, driver, source, memory)
    driver.send(contentsOf: [[15, 3], [0, 1]])
    source.send(contentsOf: (0..<4).map { [$0, 15] })
    try bench.run(until: { source.isIdle && sim.isIdle == 1 }, limit: 100)
    #expect(sim.response == .subordinateError)
  }

  /// Some subordinates take an address only once they see its first beat, others a beat only behind its address.
  @Test(arguments: [true, false]) func addressesAndBeatsDoNotWaitForEachOther(addressFirst: Bool) throws {
    let sim = try Simulation(Self.writer(32))
    let driver = StreamDriver(sim, \.memory.requests)
    let source = StreamDriver(sim, \.memory.words)
    driver.send([3, 2])
    source.send(contentsOf: [[7, 15], [8, 15]])
    let (address, beat) = (sim[\.bus.aw.ready], sim[\.bus.w.ready])
    (address.value, beat.value) = addressFirst ? (1, 0) : (0, 1)
    try StreamBench(sim, driver, source).run(cycles: 10)
    #expect(sim[\.bus.aw.valid].value == (addressFirst ? 0 : 1))
    #expect(sim[\.bus.w.valid].value == (addressFirst ? 1 : 0))
    #expect(source.isIdle != addressFirst)
  }

  @Test func adaptersAreCleanVerilog() throws {
    let designs = try [
      Design(Self.reader(8)), Design(Self.reader(64, longestBurst: 1)), Design(Self.reader(1024)),
      Design(Self.writer(8)), Design(Self.writer(64, longestBurst: 16)), Design(Self.writer(512)),
    ]
    for design in designs {
      let complaints = try LintTools.complaints(about: design)
      #expect(complaints.isEmpty, "\(design.top.summary):\n\(complaints)")
    }
  }

  @Test func mistakesInParametersAreExplained() throws {
    let error = #expect(throws: ElaborationError.self) {
      try Design(
        AXIReadAdapter(
          of: .bundle(MemoryReadPort(addressWidth: 16, wordWidth: 96)), addressWidth: 12, longestBurst: 100))
    }
    let text = error.map { "\($0)" } ?? ""
    for sentence in [
      "an AXI address has more than 12 bits, those of 4 KB; 12 were asked for",
      "a beat has 8, 16, 32 ... 1024 bits; 96 were asked for",
      "a burst has 1, 2, 4 ... 256 beats at most; 100 were asked for",
    ] {
      #expect(text.contains(sentence), "\(text)")
    }
  }
}
