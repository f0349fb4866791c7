import Testing
import Weft
import WeftSimulation

/// A stream of packets straight through.
private struct PacketPassage: Module {
  var dataWidth = 32
  private var stream: Shape<AXI4Stream> { .bundle(AXI4Stream(dataWidth: dataWidth)) }
  var s_axis: AXI4Stream { input(stream) }
  var m_axis: AXI4Stream { output(stream) }
  var wasReset: Bit { output(.bit) }
  var mark: Bit { register(.bit, reset: 1) }
  var body: Circuit {
    m_axis <== s_axis
    mark <== 0
    wasReset <== mark
  }
}

@Suite struct AXIStreamTests {
  @Test(arguments: [8, 24, 32, 512]) func packetsArrive(width: Int) throws {
    let sim = try Simulation(PacketPassage(dataWidth: width))
    let transmitter = AXIStreamTransmitter(sim, \.s_axis, stalls: .random(seed: 1))
    let receiver = AXIStreamReceiver(sim, \.m_axis, stalls: .random(seed: 2))
    let bench = StreamBench(sim, transmitter, receiver, AXIStreamChecker(sim, \.m_axis, continuous: true))
    let packets = (1...40).map { length in (0..<length).map { UInt8(truncatingIfNeeded: 7 * length + $0) } }
    for packet in packets { transmitter.send(packet) }
    try bench.run(until: { receiver.packets.count == 40 }, limit: 20_000)
    #expect(receiver.packets == packets)
    #expect(transmitter.isIdle && transmitter.sentCount == 40 && receiver.partialPacket.isEmpty)
  }

  @Test func aResetTakesBackWhatIsUnderWay() throws {
    let sim = try Simulation(PacketPassage())
    let transmitter = AXIStreamTransmitter(sim, \.s_axis)
    let receiver = AXIStreamReceiver(sim, \.m_axis)
    let bench = StreamBench(sim, transmitter, receiver, AXIStreamChecker(sim, \.m_axis))
    transmitter.send([UInt8](repeating: 1, count: 100))
    try bench.run(cycles: 3)
    #expect(receiver.partialPacket.count == 12)
    try bench.reset()
    transmitter.send([2, 3])
    try bench.run(until: { transmitter.isIdle }, limit: 10)
    #expect(receiver.packets == [[2, 3]])
  }

  @Test(arguments: AXIRule.allCases.filter { $0.section(in: .stream) != nil })
  func eachRuleAloneFindsItsViolation(rule: AXIRule) throws {
    let sim = try Simulation(PacketPassage())
    let checker = AXIStreamChecker(sim, \.m_axis, continuous: true, collecting: true)
    let bench = StreamBench(sim, checker)
    let valid = sim[\.s_axis.t.valid]
    let keep = sim[\.s_axis.t.payload.keep]
    keep.value = 0b1111
    switch rule {
    case .validInReset:
      try bench.reset(cycles: 1)
      valid.value = 1
      try bench.step()
    case .validTakenBack:
      valid.value = 1
      try bench.step()
      valid.value = 0
      try bench.step()
    case .payloadChanged:
      valid.value = 1
      try bench.step()
      sim[\.s_axis.t.payload.data].value = 1
      try bench.step()
    default:
      keep.value = 0b0111
      valid.value = 1
      try bench.step()
    }
    #expect(checker.violations.map(\.rule) == [rule])
  }
}
