import Testing
import Weft
import WeftSimulation

/// An AXI4-Lite bus straight through, with a reset that does nothing.
struct LitePassage: Module {
  private var bus: Shape<AXI4Lite> { .bundle(AXI4Lite(addressWidth: 8)) }
  var s_axi: AXI4Lite { input(bus) }
  var m_axi: AXI4Lite { output(bus) }
  var wasReset: Bit { output(.bit) }
  var mark: Bit { register(.bit, reset: 1) }
  var body: Circuit {
    m_axi <== s_axi
    mark <== 0
    wasReset <== mark
  }
}

@Suite struct AXILiteTests {
  @Test func registersAreWrittenAndRead() throws {
    let sim = try Simulation(ScratchRegisters())
    let registers = AXILiteManager(sim, \.s_axi, stalls: .random(seed: 3))
    let bench = StreamBench(sim, registers, AXILiteChecker(sim, \.s_axi))
    for index in 0..<4 { try registers.write(0x1111_1111 * (index + 1), at: 4 * index, on: bench) }
    try registers.write(-1, at: 4, strobes: 0b0010, on: bench)
    let values = try (0..<4).map { try registers.read(at: 4 * $0, on: bench) }
    #expect(values == [0x1111_1111, 0x2222_FF22, 0x3333_3333, 0x4444_4444])
    let error = #expect(throws: SimulationError.self) { try registers.write(5, at: 0x80, on: bench) }
    #expect(error?.message.hasSuffix("the write of 0x5 to 0x80 at `s_axi` ended with decodeError") == true)
  }

  @Test func queuedAccessesEndInOrder() throws {
    let sim = try Simulation(ScratchRegisters())
    let registers = AXILiteManager(sim, \.s_axi, stalls: .random(seed: 9))
    let checker = AXILiteChecker(sim, \.s_axi)
    let bench = StreamBench(sim, registers, checker)
    for index in 0..<200 { registers.write(index, at: 4 * (index % 4)) }
    try bench.run(until: { registers.isIdle }, limit: 20_000)
    for index in 0..<200 { registers.read(at: 4 * (index % 4)) }
    try bench.run(until: { registers.isIdle }, limit: 20_000)
    #expect(registers.reads.enumerated().allSatisfy { $1.value == 196 + $0 % 4 && $1.response == .okay })
    #expect(registers.writes.allSatisfy { $0.response == .okay } && checker.isIdle)
    #expect(registers.status == "the manager of `s_axi` ended 200 of 200 writes and 200 of 200 reads")
  }

  @Test func aResetTakesBackWhatIsUnderWay() throws {
    let sim = try Simulation(ScratchRegisters())
    let registers = AXILiteManager(sim, \.s_axi)
    let bench = StreamBench(sim, registers, AXILiteChecker(sim, \.s_axi))
    for index in 0..<4 { registers.write(index, at: 4 * index) }
    try bench.run(cycles: 2)
    try bench.reset()
    #expect(registers.isIdle && registers.writes.map(\.response) == [.okay, nil, nil, nil])
    try registers.write(7, at: 12, on: bench)
    #expect(try registers.read(at: 12, on: bench) == 7)
  }

  /// Drives both sides by hand: whether the channels `aw`, `w`, `b`, `ar` and `r` are offered, and the responses.
  private func pass(
    _ sim: Simulation<LitePassage>, _ bench: StreamBench, _ channels: Set<AXIChannel>, response: Int = 0
  ) throws {
    sim[\.s_axi.aw.valid].value = channels.contains(.aw) ? 1 : 0
    sim[\.s_axi.w.valid].value = channels.contains(.w) ? 1 : 0
    sim[\.m_axi.b.valid].value = channels.contains(.b) ? 1 : 0
    sim[\.s_axi.ar.valid].value = channels.contains(.ar) ? 1 : 0
    sim[\.m_axi.r.valid].value = channels.contains(.r) ? 1 : 0
    sim[\.m_axi.b.payload.resp].bits = BitVector(truncating: response, width: 2)
    sim[\.m_axi.r.payload.resp].bits = BitVector(truncating: response, width: 2)
    try bench.step()
  }

  @Test(arguments: AXIRule.allCases.filter { $0.section(in: .lite) != nil })
  func eachRuleAloneFindsItsViolation(rule: AXIRule) throws {
    let sim = try Simulation(LitePassage())
    let checker = AXILiteChecker(sim, \.m_axi, collecting: true)
    let bench = StreamBench(sim, checker)
    let isReady = rule != .validTakenBack && rule != .payloadChanged
    for ready in [sim.leaves(of: \.m_axi.aw.ready), sim.leaves(of: \.m_axi.w.ready), sim.leaves(of: \.m_axi.ar.ready)] {
      ready[0].number = isReady ? 1 : 0
    }
    for ready in [sim.leaves(of: \.s_axi.b.ready), sim.leaves(of: \.s_axi.r.ready)] { ready[0].number = 1 }
    switch rule {
    case .validInReset:
      try bench.reset(cycles: 1)
      try pass(sim, bench, [.w])
    case .validTakenBack:
      try pass(sim, bench, [.aw])
      try pass(sim, bench, [])
    case .payloadChanged:
      try pass(sim, bench, [.aw])
      sim[\.s_axi.aw.payload.addr].value = 4
      try pass(sim, bench, [.aw])
    case .unknownWriteResponse:
      try pass(sim, bench, [.w])
      try pass(sim, bench, [.b])
    case .earlyWriteResponse:
      try pass(sim, bench, [.aw])
      try pass(sim, bench, [.w, .b])
    case .unknownReadData: try pass(sim, bench, [.ar, .r])
    case .exclusiveAnswer:
      try pass(sim, bench, [.ar])
      try pass(sim, bench, [.r], response: 1)
    default: break
    }
    #expect(checker.violations.map(\.rule) == [rule])
  }
}
