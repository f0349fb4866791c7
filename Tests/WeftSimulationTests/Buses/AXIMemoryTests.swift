import Testing
import Weft
import WeftSimulation

/// A manager, a memory and what lies between.
private struct Rig {
  let sim: Simulation<BusPassage>
  let manager: AXIManager
  let memory: AXIMemory
  let bench: StreamBench

  init(
    _ module: BusPassage = BusPassage(), engine: EngineKind = .interpreter, at addresses: Range<Int>? = nil,
    timing: MemoryTiming = MemoryTiming(), order: AXIMemory.Order = .asRequested, stalls: UInt64? = nil
  ) throws {
    sim = try Simulation(module, engine: engine)
    manager = AXIManager(sim, \.s_axi, stalls: stalls.map { .random(seed: $0) } ?? .none)
    memory = AXIMemory(
      sim, \.m_axi, at: addresses, timing: timing, order: order, stalls: stalls.map { .random(seed: ~$0) } ?? .none)
    bench = StreamBench(sim, manager, memory)
  }

  func finish(limit: Int = 100_000) throws { try bench.run(until: { manager.isIdle && memory.isIdle }, limit: limit) }
}

@Suite struct AXIMemoryTests {
  @Test func burstsReadAndWrite() throws {
    let rig = try Rig()
    let bytes = (0..<100).map { UInt8($0 + 1) }
    try rig.manager.write(bytes, at: 0x1FC3, on: rig.bench)
    #expect(rig.memory.memory[0x1FC3..<0x2027] == bytes)
    #expect(rig.memory.memory[0x1FC2] == 0 && rig.memory.memory[0x2027] == 0)
    #expect(try rig.manager.read(0x1FC3..<0x2027, on: rig.bench) == bytes)
    #expect(rig.manager.writes.map(\.request.beats) == [8, 5])
    #expect(rig.memory.writes.bytes == 100 && rig.memory.writes.bursts == 2 && rig.memory.writes.beats == 13)
    #expect(rig.memory.reads.beats == 13 && rig.memory.reads.bursts == 2)
  }

  @Test func addressesFollowTheKindOfBurst() {
    let wrapping = AXIRequest(address: 0x34, beats: 4, size: 2, burst: .wrapping)
    #expect((0..<4).map { wrapping.addresses(ofBeat: $0) } == [0x34..<0x38, 0x38..<0x3C, 0x3C..<0x40, 0x30..<0x34])
    #expect(wrapping.addresses == 0x30..<0x40 && wrapping.byteCount == 16)
    let fixed = AXIRequest(address: 0x35, beats: 3, size: 2, burst: .fixed)
    #expect((0..<3).map { fixed.addresses(ofBeat: $0) } == [0x35..<0x38, 0x35..<0x38, 0x35..<0x38])
    #expect(fixed.byteCount == 9)
    let incrementing = AXIRequest(address: 0x36, beats: 3, size: 2)
    #expect((0..<3).map { incrementing.addresses(ofBeat: $0) } == [0x36..<0x38, 0x38..<0x3C, 0x3C..<0x40])
    #expect(incrementing.addresses == 0x36..<0x40 && incrementing.byteCount == 10)
    #expect("\(fixed)" == "3 beats of 4 bytes from 0x35 on, fixed, identifier 0")
  }

  @Test func firstWordsComeAfterTheLatency() throws {
    let rig = try Rig(timing: MemoryTiming(words: 1, cycles: 2, latency: 20))
    let read = rig.manager.read(AXIRequest(address: 0, beats: 8, size: 3))
    try rig.finish()
    #expect(rig.manager.reads[read].cycle == 20 + 2 * 7)
    let write = rig.manager.write([1, 2, 3], at: 0)[0..<1].first ?? 0
    let start = rig.bench.cycle
    try rig.finish()
    #expect(rig.manager.writes[write].cycle == start + 20)
  }

  @Test func faultsAndHolesAnswerWithErrors() throws {
    let rig = try Rig(at: 0..<0x1000)
    rig.memory.faults = [AXIFault(0x100..<0x108), AXIFault(0x200..<0x201, .decodeError, on: .writes)]
    let reads = [0xF8, 0x108, 0x200, 0x1000].map { rig.manager.read(AXIRequest(address: $0, beats: 2, size: 3)) }
    let ones = [UInt8](repeating: 1, count: 16)
    let writes = [0xF8, 0x110, 0x200, 0x2000].map {
      rig.manager.write(AXIRequest(address: $0, beats: 2, size: 3), ones)
    }
    try rig.finish()
    #expect(
      reads.map { rig.manager.reads[$0].responses } == [
        [.okay, .subordinateError], [.okay, .okay], [.okay, .okay], [.decodeError, .decodeError],
      ])
    #expect(
      writes.map { rig.manager.writes[$0].response } == [.subordinateError, .okay, .decodeError, .decodeError])
    #expect(rig.memory.memory[0xF8] == 1 && rig.memory.memory[0x100] == 0)
    #expect(rig.memory.memory[0x200] == 0 && rig.memory.memory[0x208] == 1)
    let error = #expect(throws: SimulationError.self) { _ = try rig.manager.read(0x100..<0x104, on: rig.bench) }
    #expect(error?.message.hasSuffix(
      "the read at `s_axi` ended with subordinateError: 1 beat of 8 bytes from 0x100 on, incrementing, identifier 0")
      == true, "\(error?.message ?? "")")
  }

  @Test func exclusiveWritesNeedAnUntouchedReservation() throws {
    let rig = try Rig()
    let request = AXIRequest(address: 0x40, size: 3, identifier: 2, isExclusive: true)
    let ones = [UInt8](repeating: 1, count: 8)
    rig.manager.read(request)
    try rig.finish()
    let first = rig.manager.write(request, ones)
    try rig.finish()
    rig.manager.read(request)
    try rig.finish()
    rig.manager.write([9], at: 0x44)
    try rig.finish()
    let second = rig.manager.write(request, [UInt8](repeating: 2, count: 8))
    try rig.finish()
    #expect(rig.manager.reads[0].responses == [.exclusiveOkay])
    #expect(rig.manager.writes[first].response == .exclusiveOkay)
    #expect(rig.manager.writes[second].response == .okay)
    #expect(rig.memory.memory[0x40..<0x48] == [1, 1, 1, 1, 9, 1, 1, 1])
  }

  @Test func stalledMemoryStandsStill() throws {
    let rig = try Rig()
    rig.memory.stall(cycles: 1000)
    rig.manager.read(AXIRequest(address: 0, size: 3))
    rig.manager.write([1], at: 0)
    try rig.bench.run(cycles: 1000)
    #expect(rig.manager.reads[0].cycle == nil && rig.memory.reads.addressWaits == 1000)
    try rig.finish()
    #expect(rig.manager.reads[0].cycle == 1001)
  }

  @Test func aResetTakesBackWhatIsUnderWay() throws {
    let rig = try Rig(timing: MemoryTiming(latency: 50))
    rig.manager.read(AXIRequest(address: 0, beats: 4, size: 3))
    try rig.bench.run(cycles: 10)
    #expect(!rig.memory.isIdle)
    try rig.bench.reset()
    #expect(rig.memory.isIdle && rig.manager.isIdle && rig.manager.reads[0].cycle == nil)
    #expect(try rig.manager.read(0..<8, on: rig.bench) == [UInt8](repeating: 0, count: 8))
  }

  @Test func meaninglessBurstsAreRefused() throws {
    let rig = try Rig()
    rig.manager.read(AXIRequest(address: 0, beats: 3, size: 3, burst: .wrapping))
    let error = #expect(throws: SimulationError.self) { try rig.finish() }
    #expect(
      error?.message == "cycle 0: `m_axi_ar` asks for a burst that wraps and does not have 2, 4, 8 or 16 beats: "
        + "3 beats of 8 bytes from 0x0 on, wrapping, identifier 0")
  }
}
