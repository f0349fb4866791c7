import Testing
import Weft
import WeftLint
import WeftSimulation
import WeftStreams

/// A region as a test says it.
private struct TestRegion {
  var address: Int
  var rowBytes: Int
  var rows: Int
  var stride: Int

  var descriptor: [Int] { [address, rowBytes, rows, stride & 0xffff_ffff] }
  /// The addresses of its bytes.
  var bytes: [Int] { (0..<rows).flatMap { row in (0..<rowBytes).map { address + row * stride + $0 } } }

  static func random(_ count: Int, seed: UInt64) -> [TestRegion] {
    var generator = SplitMix64(seed: seed)
    return (0..<count).map { index in
      let rowBytes = Int.random(in: 0...(index.isMultiple(of: 5) ? 300 : 40), using: &generator)
      let stride = Int.random(in: max(1, rowBytes)...(rowBytes + 70), using: &generator)
      let isDown = Bool.random(using: &generator)
      return TestRegion(
        address: Int.random(in: 5_000...7_000, using: &generator), rowBytes: rowBytes,
        rows: Int.random(in: 0...7, using: &generator), stride: isDown ? -stride : stride)
    }
  }
}

/// A packet as transfers: data, keep, last.
private func transfers(of bytes: [UInt8], lanes: Int) -> [BitVector] {
  stride(from: 0, to: max(1, bytes.count), by: lanes).map { first in
    let part = bytes[min(first, bytes.count)..<min(first + lanes, bytes.count)]
    var bits = BitVector(zero: lanes * 9 + 1)
    for (lane, byte) in part.enumerated() {
      bits.insert(BitVector(truncating: Int(byte), width: 8), at: lane * 8)
      bits[lanes * 8 + lane] = true
    }
    bits[lanes * 9] = first + lanes >= bytes.count
    return bits
  }
}

/// Data movers between a bus and packets.
@Suite struct DMATests {
  private static var readPorts: BusPorts<DMAReader> { BusPorts(ar: \.bus.ar, r: \.bus.r) }
  private static var writePorts: BusPorts<DMAWriter> { BusPorts(aw: \.bus.aw, w: \.bus.w, b: \.bus.b) }

  @Test(arguments: [(8, EngineKind.interpreter), (32, .interpreter), (64, .verilator), (128, .interpreter)])
  func regionsAreRead(dataWidth: Int, engine: EngineKind) throws {
    if engine == .verilator, !LintTools.has("verilator") { return }
    let (seed, lanes) = (UInt64(dataWidth), dataWidth / 8)
    let sim = try Simulation(
      DMAReader(addressWidth: 32, dataWidth: dataWidth, longestBurst: 16, outstanding: 3, buffer: 20), engine: engine)
    let bytes = randomBytes(1 << 14, seed: seed)
    let memory = BusMemory(
      sim, Self.readPorts, dataWidth: dataWidth, bytes: bytes, behaviour: BusBehaviour(latency: 1...20, seed: seed))
    let regions = TestRegion.random(40, seed: seed)
    let driver = StreamDriver(sim, \.descriptors, stalls: .random(seed: seed))
    let output = StreamMonitor(sim, \.output, stalls: .random(seed: ~seed))
    let completions = StreamMonitor(sim, \.completions, stalls: .random(seed: seed + 1))
    driver.send(contentsOf: regions.map(\.descriptor))
    let expected = regions.flatMap { transfers(of: $0.bytes.map { bytes[$0] }, lanes: lanes) }
    try StreamBench(sim, driver, memory, output, completions).run(
      until: { output.count == expected.count && completions.count == regions.count }, limit: 200_000)
    #expect((0..<output.count).map(output.bits(at:)) == expected, "seed \(seed)")
    #expect(completions.values.allSatisfy { $0 == 0 })
    #expect(memory.breaches.isEmpty, "\(memory.breaches.prefix(3)), seed \(seed)")
  }

  @Test(arguments: [(8, EngineKind.interpreter), (32, .interpreter), (64, .verilator), (128, .interpreter)])
  func regionsAreWritten(dataWidth: Int, engine: EngineKind) throws {
    if engine == .verilator, !LintTools.has("verilator") { return }
    let (seed, lanes) = (UInt64(dataWidth), dataWidth / 8)
    let sim = try Simulation(
      DMAWriter(addressWidth: 32, dataWidth: dataWidth, longestBurst: 16, outstanding: 3, buffer: 20), engine: engine)
    var bytes = randomBytes(1 << 14, seed: seed)
    let memory = BusMemory(
      sim, Self.writePorts, dataWidth: dataWidth, bytes: bytes, behaviour: BusBehaviour(latency: 1...20, seed: seed))
    let regions = TestRegion.random(40, seed: seed)
    let driver = StreamDriver(sim, \.descriptors, stalls: .random(seed: seed))
    let input = StreamDriver(sim, \.input, stalls: .random(seed: ~seed))
    let completions = StreamMonitor(sim, \.completions, stalls: .random(seed: seed + 1))
    driver.send(contentsOf: regions.map(\.descriptor))
    var outcomes: [DMAOutcome] = []
    for (index, region) in regions.enumerated() {
      // Every third packet is too long or too short.
      let size = region.bytes.count
      let length = index % 6 == 2 ? size + 1 + index : index % 6 == 5 ? size / 2 : size
      let packet = randomBytes(length, seed: seed + UInt64(index))
      input.send(contentsOf: transfers(of: packet, lanes: lanes))
      for (address, byte) in zip(region.bytes, packet) { bytes[address] = byte }
      outcomes.append(length < size ? .packetTooShort : length > size ? .packetTooLong : .complete)
    }
    try StreamBench(sim, driver, input, memory, completions).run(
      until: { completions.count == regions.count }, limit: 200_000)
    let order = Array(DMAOutcome.allCases)
    #expect(completions.values.map { order[$0] } == outcomes, "seed \(seed)")
    #expect(input.isIdle)
    #expect(memory.bytes == bytes, "seed \(seed)")
    #expect(memory.breaches.isEmpty, "\(memory.breaches.prefix(3)), seed \(seed)")
  }

  @Test func longRowsAreReadAtFullRate() throws {
    let sim = try Simulation(DMAReader(addressWidth: 32, dataWidth: 64, longestBurst: 16, outstanding: 4, buffer: 64))
    let memory = BusMemory(
      sim, Self.readPorts, dataWidth: 64, bytes: randomBytes(1 << 14, seed: 1),
      behaviour: BusBehaviour(latency: 20...20))
    let driver = StreamDriver(sim, \.descriptors)
    let output = StreamMonitor(sim, \.output)
    driver.send([4096, 1_024, 8, 1_024])
    try StreamBench(sim, driver, memory, output).run(until: { output.count == 1_024 }, limit: 2_000)
    let first = try #require(output.cycles.first)
    #expect(output.cycles == Array(first..<(first + 1_024)))
    #expect(first == 26)
  }

  @Test func longRowsAreWrittenAtFullRate() throws {
    let sim = try Simulation(DMAWriter(addressWidth: 32, dataWidth: 64, longestBurst: 16, outstanding: 4, buffer: 32))
    let memory = BusMemory(
      sim, Self.writePorts, dataWidth: 64, bytes: randomBytes(1 << 14, seed: 1),
      behaviour: BusBehaviour(latency: 20...20))
    let driver = StreamDriver(sim, \.descriptors)
    let input = StreamDriver(sim, \.input)
    let completions = StreamMonitor(sim, \.completions)
    driver.send([4096, 1_024, 8, 1_024])
    input.send(contentsOf: transfers(of: randomBytes(8_192, seed: 3), lanes: 8))
    try StreamBench(sim, driver, input, memory, completions).run(until: { completions.count == 1 }, limit: 2_000)
    let first = try #require(memory.writeCycles.first)
    #expect(memory.writeCycles == Array(first..<(first + 1_024)))
    #expect(first == 20)
  }

  @Test(arguments: [1, 2, 3, 4]) func readersStopAtErrors(seed: UInt64) throws {
    let sim = try Simulation(DMAReader(addressWidth: 32, dataWidth: 32, longestBurst: 8, outstanding: 3, buffer: 12))
    let bytes = randomBytes(1 << 13, seed: seed)
    let fault = 0x1100 + 4 * Int(seed) * 7
    var behaviour = BusBehaviour(latency: 1...20, seed: seed)
    behaviour.answer = { $0 == fault ? .subordinateError : $0 >= 0x1_0000 ? .decodeError : .okay }
    let memory = BusMemory(sim, Self.readPorts, dataWidth: 32, bytes: bytes, behaviour: behaviour)
    let driver = StreamDriver(sim, \.descriptors)
    let output = StreamMonitor(sim, \.output, stalls: .random(seed: seed))
    let completions = StreamMonitor(sim, \.completions, stalls: .random(seed: ~seed))
    driver.send([0x1003, 0x80, 100_000 >> 1, 0x80])
    driver.send([0x1_0000, 5, 1, 0])
    driver.send([0x801, 6, 2, 16])
    let packets =
      transfers(of: Array(bytes[0x1003..<fault]), lanes: 4) + transfers(of: [], lanes: 4)
      + transfers(of: Array(bytes[0x801..<0x807] + bytes[0x811..<0x817]), lanes: 4)
    try StreamBench(sim, driver, memory, output, completions).run(
      until: { completions.count == 3 && output.count == packets.count }, limit: 20_000)
    let order = Array(DMAOutcome.allCases)
    #expect(completions.values.map { order[$0] } == [.subordinateError, .decodeError, .complete], "seed \(seed)")
    #expect((0..<output.count).map(output.bits(at:)) == packets, "seed \(seed)")
    #expect(memory.reads.allSatisfy { $0.address < 0x1400 || $0.address >= 0x1_0000 }, "no more was asked for")
  }

  @Test(arguments: [1, 2, 3, 4]) func writersStopAtErrors(seed: UInt64) throws {
    let sim = try Simulation(DMAWriter(addressWidth: 32, dataWidth: 32, longestBurst: 8, outstanding: 3, buffer: 12))
    let fault = 0x1100 + 4 * Int(seed) * 7
    var behaviour = BusBehaviour(latency: 1...20, seed: seed)
    behaviour.answer = { $0 == fault ? .decodeError : .okay }
    let memory = BusMemory(
      sim, Self.writePorts, dataWidth: 32, bytes: Array(repeating: 0, count: 1 << 13), behaviour: behaviour)
    let driver = StreamDriver(sim, \.descriptors)
    let input = StreamDriver(sim, \.input, stalls: .random(seed: seed))
    let completions = StreamMonitor(sim, \.completions, stalls: .random(seed: ~seed))
    driver.send([0x1003, 0x400, 1, 0])
    driver.send([0x801, 6, 2, 16])
    let packets = [randomBytes(0x400, seed: seed), randomBytes(12, seed: seed + 9)]
    for packet in packets { input.send(contentsOf: transfers(of: packet, lanes: 4)) }
    try StreamBench(sim, driver, input, memory, completions).run(until: { completions.count == 2 }, limit: 20_000)
    let order = Array(DMAOutcome.allCases)
    #expect(completions.values.map { order[$0] } == [.decodeError, .complete], "seed \(seed)")
    #expect(Array(memory.bytes[0x801..<0x807] + memory.bytes[0x811..<0x817]) == packets[1], "seed \(seed)")
    #expect(Array(memory.bytes[0x1003..<fault]) == Array(packets[0][0..<(fault - 0x1003)]), "seed \(seed)")
    #expect(memory.bytes[(fault + 0x100)...].allSatisfy { $0 == 0 }, "the rest was dropped, seed \(seed)")
    #expect(input.isIdle)
  }

  @Test func aPacketThatComesSlowlyLeavesTheBusAlone() throws {
    let sim = try Simulation(DMAWriter(addressWidth: 32, dataWidth: 32, longestBurst: 8, buffer: 16))
    let memory = BusMemory(sim, Self.writePorts, dataWidth: 32, bytes: randomBytes(1 << 13, seed: 1))
    let driver = StreamDriver(sim, \.descriptors)
    let input = StreamDriver(sim, \.input)
    let bench = StreamBench(sim, driver, input, memory)
    driver.send([0, 32, 1, 0])
    let packet = transfers(of: randomBytes(32, seed: 2), lanes: 4)
    input.send(contentsOf: packet.dropLast())
    try bench.run(cycles: 50)
    #expect(input.isIdle && memory.writes.isEmpty)
    input.send(contentsOf: packet.suffix(1))
    try bench.run(cycles: 50)
    #expect(memory.writes.count == 1)
  }

  @Test func moversAreCleanVerilog() throws {
    let designs = try [
      Design(DMAReader(addressWidth: 32, dataWidth: 8)), Design(DMAReader(addressWidth: 40, dataWidth: 64)),
      Design(DMAReader(addressWidth: 32, dataWidth: 128, longestBurst: 256)),
      Design(DMAWriter(addressWidth: 32, dataWidth: 8)), Design(DMAWriter(addressWidth: 40, dataWidth: 64)),
      Design(DMAWriter(addressWidth: 32, dataWidth: 128, longestBurst: 256)),
      Design(BytePacker(dataWidth: 8)), Design(BytePacker(dataWidth: 32)),
    ]
    for design in designs {
      let complaints = try LintTools.complaints(about: design)
      #expect(complaints.isEmpty, "\(design.top.summary):\n\(complaints)")
    }
  }
}
