import Testing
import Weft
import WeftLint
import WeftSimulation
import WeftStreams

/// Readers give the words of their regions in order, whatever stalls, as fast as the memory can.
@Suite struct MemoryTests {
  private static let regions = [
    Region(base: 5, words: 1), Region(base: 20, words: 7, burst: 8, buffer: 8), Region(base: 40, words: 30, burst: 7),
    Region(base: 100, words: 64, burst: 1, buffer: 3),
    Region(base: 253, words: 9, burst: 4, buffer: 4, style: .distributed),
  ]

  @Test(arguments: [1, 2, 3] as [UInt64]) func everyWordComesInOrder(seed: UInt64) throws {
    var cycles: [[[Int]]] = []
    for engine in [EngineKind.interpreter, .verilator] where engine == .interpreter || LintTools.has("verilator") {
      let timing = MemoryTiming(words: 5, cycles: 7, latency: 9, jitter: 30, seed: seed, outstanding: 6)
      let trial = try MemoryTrial(SharedMemory(regions: Self.regions), engine: engine, timing: timing) { reader in
        .random(seed: seed &* 100 &+ UInt64(reader))
      }
      try trial.bench.run(until: { trial.monitors.allSatisfy { $0.count >= 200 } }, limit: 40_000)
      for reader in Self.regions.indices {
        #expect(trial.firstMistake(of: reader) == nil, "\(engine), seed \(seed)")
        #expect((1...Self.regions[reader].buffer).contains(trial.sim.marks[reader]), "\(engine), seed \(seed)")
      }
      #expect(trial.memory.wordWaits == 0, "a word always has room: \(engine), seed \(seed)")
      cycles.append(trial.monitors.map(\.cycles))
    }
    #expect(cycles.allSatisfy { $0 == cycles[0] }, "both engines give each word in the same cycle: seed \(seed)")
  }

  /// The requests of a reader whose words are always taken.
  private func requests(
    _ region: Region, addressWidth: Int = 16, width: Int, boundary: Int, count: Int
  ) throws -> [[Int]] {
    let sim = try Simulation(
      MemoryReader(
        of: .bundle(MemoryReadPort(addressWidth: addressWidth, wordWidth: width, longestBurst: 8)),
        baseAddress: region.base, words: region.words, burst: region.burst, buffer: region.buffer, boundary: boundary))
    let size = (region.base + region.words) * BitVector.wordCount(forWidth: width)
    let memory = MemoryModel(
      sim, requests: \.memory.requests, words: \.memory.words, contents: Array(repeating: 0, count: size))
    let output = StreamMonitor(sim, \.output)
    let request = StreamMonitor(sim, \.memory.requests)
    try StreamBench(sim, request, memory, output).run(until: { request.count >= count }, limit: 1000)
    return Array(request.vectors.prefix(count))
  }

  @Test func burstsEndWhereTheyHaveTo() throws {
    #expect(
      try requests(Region(base: 2, words: 10), width: 64, boundary: 4096, count: 5)
        == [[2, 4], [6, 4], [10, 2], [2, 4], [6, 4]])
    #expect(
      try requests(Region(base: 2, words: 10), width: 64, boundary: 32, count: 6)
        == [[2, 2], [4, 4], [8, 4], [2, 2], [4, 4], [8, 4]])
    #expect(
      try requests(Region(base: 0, words: 10, burst: 3), width: 40, boundary: 64, count: 6)
        == [[0, 3], [3, 3], [6, 2], [8, 2], [0, 3], [3, 3]])
    #expect(
      try requests(Region(base: 62, words: 4, burst: 4), width: 512, boundary: 4096, count: 3)
        == [[62, 2], [64, 2], [62, 2]])
    // A burst may be as long as the whole memory.
    #expect(
      try requests(Region(base: 0, words: 2, burst: 2), addressWidth: 1, width: 64, boundary: 4096, count: 2)
        == [[0, 2], [0, 2]])
    #expect(try requests(Region(base: 3, words: 3), width: 8, boundary: 1, count: 4) == [[3, 1], [4, 1], [5, 1], [3, 1]])
    #expect(try requests(Region(base: 9, words: 1), width: 64, boundary: 64, count: 2) == [[9, 1], [9, 1]])
  }

  /// A sink that takes a word every so many cycles, once the first has come.
  private final class PacedSink: StreamAgent {
    let interval: Int
    let ready: Handle<Bit>
    let valid: Handle<Bit>
    var wait = 0
    /// The cycles in which it would have taken a word and none was there.
    var misses = 0
    var count = 0

    init(_ sim: Simulation<SharedMemory>, interval: Int) {
      self.interval = interval
      (ready, valid) = (sim[\.outputs[0].ready], sim[\.outputs[0].valid])
    }

    func drive() { ready.value = wait == 0 ? 1 : 0 }

    func observe(cycle: Int) {
      let takes = wait == 0 && valid.value == 1
      if wait == 0, !takes, count > 0 { misses += 1 }
      if takes { (count, wait) = (count + 1, interval - 1) } else if wait > 0 { wait -= 1 }
    }

    var status: String { "a sink that takes a word every \(interval) cycles took \(count)" }
  }

  @Test(arguments: [1, 2, 5, 40], [1, 4, 8]) func sufficientBuffersSuffice(interval: Int, burst: Int) throws {
    let latency = 20
    let needed = MemoryReader.sufficientBuffer(latency: latency, burst: burst, interval: interval)
    func misses(buffer: Int) throws -> Int {
      let region = Region(base: 0, words: 64, burst: burst, buffer: buffer)
      let trial = try MemoryTrial(
        SharedMemory(regions: [region], outstanding: 32), timing: MemoryTiming(latency: latency))
      let sink = PacedSink(trial.sim, interval: interval)
      try StreamBench(trial.sim, trial.memory, sink).run(cycles: 1_000)
      #expect(sink.misses > 0 || sink.count >= (1_000 - latency - 4) / interval)
      return sink.misses
    }
    #expect(try misses(buffer: needed) == 0)
    if needed > burst { #expect(try misses(buffer: needed - 1) > 0) }
  }

  @Test func aReaderKeepsTheMemoryBusy() throws {
    let region = Region(base: 0, words: 64, burst: 8, buffer: MemoryReader.sufficientBuffer(latency: 20, burst: 8))
    let trial = try MemoryTrial(SharedMemory(regions: [region], outstanding: 32), timing: MemoryTiming(latency: 20))
    try trial.bench.run(cycles: 1_000)
    // The first request leaves in cycle 1.
    #expect(trial.memory.wordCount == 1_000 - 1 - 20)
    #expect(trial.firstMistake(of: 0) == nil)
  }

  @Test func severalReadersKeepTheMemoryBusy() throws {
    let regions = (0..<4).map { Region(base: 64 * $0, words: 5 + 7 * $0, burst: 1 + $0, buffer: 24) }
    let trial = try MemoryTrial(SharedMemory(regions: regions, outstanding: 24), timing: MemoryTiming(latency: 20))
    try trial.bench.run(cycles: 2_000)
    #expect(trial.memory.wordCount == 2_000 - 1 - 20)
    for reader in regions.indices { #expect(trial.firstMistake(of: reader) == nil) }
  }

  @Test func aScarceMemoryIsSharedFairly() throws {
    let regions = (0..<4).map { Region(base: 64 * $0, words: 16 * (1 + $0), burst: 4, buffer: 16) }
    let trial = try MemoryTrial(
      SharedMemory(regions: regions), timing: MemoryTiming(words: 1, cycles: 4, latency: 10, jitter: 5, seed: 3))
    try trial.bench.run(cycles: 8_000)
    for monitor in trial.monitors { #expect((480...510).contains(monitor.count), "\(monitor.count) of 2000, seed 3") }
    #expect((1_980...2_000).contains(trial.memory.wordCount))
  }

  @Test func aReaderThatStandsStillHoldsUpNoOther() throws {
    let regions = (0..<3).map { Region(base: 64 * $0, words: 12, burst: 4, buffer: 16) }
    let trial = try MemoryTrial(SharedMemory(regions: regions), timing: MemoryTiming(latency: 10)) { reader in
      reader == 1 ? .random(seed: 9, probability: 1) : .none
    }
    try trial.bench.run(cycles: 5_000)
    #expect(trial.monitors[1].count == 0)
    #expect(trial.memory.wordWaits == 0)
    #expect(trial.sim.marks[1] == 16)
    for reader in [0, 2] { #expect((2_450...2_500).contains(trial.monitors[reader].count)) }
  }

  @Test func nothingIsAskedForUnderReset() throws {
    let sim = try Simulation(SharedMemory(regions: [Region(base: 0, words: 3)]))
    sim.reset(cycles: 3)
    #expect(sim[\.memory.requests.valid].value == 0)
    sim.step()
    #expect(sim[\.memory.requests.valid].value == 1)
  }

  /// A module that asks a memory for whatever it is told.
  private struct Asking: Module {
    var address: Unsigned { input(.unsigned(8)) }
    var count: Unsigned { input(.unsigned(3)) }
    var memory: MemoryReadPort {
      output(.bundle(MemoryReadPort(addressWidth: 8, wordWidth: 16, longestBurst: 4)))
    }
    var body: Circuit {
      memory.requests.payload.address <== address
      memory.requests.payload.count <== count
      memory.requests.valid <== 1
      memory.words.ready <== 0
    }
  }

  @Test(arguments: [(9, 2), (10, 1), (3, 0)]) func requestsBeyondTheMemoryAreFound(address: Int, count: Int) throws {
    let sim = try Simulation(Asking())
    let memory = MemoryModel(
      sim, requests: \.memory.requests, words: \.memory.words, contents: Array(0..<10))
    (sim.address, sim.count) = (address, count)
    let error = #expect(throws: SimulationError.self) { try StreamBench(sim, memory).step() }
    #expect(
      error?.message
        == "cycle 0: `memory_requests` asks for \(count) words from \(address) on of a memory of 10; a burst has at "
        + "least 1 word and lies in the memory (the memory at `memory_requests` took 0 requests and gave 0 words, 0 "
        + "requests are not answered in full)")
  }

  @Test func aMemoryCountsWhatWaits() throws {
    let sim = try Simulation(Asking())
    let memory = MemoryModel(
      sim, requests: \.memory.requests, words: \.memory.words, contents: Array(0..<10),
      timing: MemoryTiming(outstanding: 2))
    (sim.address, sim.count) = (6, 4)
    try StreamBench(sim, memory).run(cycles: 5)
    #expect((memory.requestCount, memory.requestWaits) == (2, 3))
    #expect((memory.wordCount, memory.wordWaits) == (0, 4))
  }

  @Test func mistakesInParametersAreExplained() throws {
    let module = SharedMemory(
      regions: [
        Region(base: 65_530, words: 7), Region(base: 0, words: 0), Region(base: 0, words: 20, burst: 16, buffer: 15),
        Region(base: 0, words: 20, burst: 0),
      ], outstanding: 0, boundary: 100)
    let error = #expect(throws: ElaborationError.self) { try Design(module) }
    let text = error.map { "\($0)" } ?? ""
    for sentence in [
      "the region of 7 words from 65530 on lies beyond an address of 16 bits",
      "a region has at least 1 word; 0 were asked for", "a burst of 16 words was asked for",
      "a queue of 15 words never has room for a burst of 16; give it at least as many",
      "a burst of 0 words was asked for", "a boundary is a power of two; 100 bytes were given",
      "at least 1 burst is on its way at a time; 0 were asked for",
    ] {
      #expect(text.contains(sentence), "\(text)")
    }
  }

  @Test func memoriesAreCleanVerilog() throws {
    let designs = try [
      Design(SharedMemory(regions: Self.regions)), Design(SharedMemory(regions: [Region(base: 3, words: 5)])),
      Design(WordUnpacker(wordWidth: 64, elementWidth: 8, elements: 20)),
      Design(WordUnpacker(wordWidth: 40, elementWidth: 24, elements: 5)),
      Design(WordUnpacker(wordWidth: 64, elementWidth: 9, elements: 21)),
    ]
    for design in designs {
      let complaints = try LintTools.complaints(about: design)
      #expect(complaints.isEmpty, "\(design.top.summary):\n\(complaints)")
    }
  }
}
