import Testing
import Weft
import WeftSimulation

/// A bus passed on, and a register of a channel's payload.
struct BusBridge: Module {
  var s_axi: AXI4Lite { input(.bundle(AXI4Lite(addressWidth: 6))) }
  var m_axi: AXI4Lite { output(.bundle(AXI4Lite(addressWidth: 6))) }
  var asked: AXILiteAddress { register(.bundle(AXILiteAddress(addressWidth: 6))) }
  var last: Unsigned { output(.unsigned(6)) }

  var body: Circuit {
    m_axi <== s_axi
    When(s_axi.ar.fires) { asked <== s_axi.ar.payload }
    last <== asked.addr
  }
}

@Suite struct BusTests {
  @Test func channelsHaveTheNamesOfTheStandard() throws {
    try expectVerilog(
      Design(BusBridge()),
      """
      """)
  }

  @Test(arguments: [EngineKind.interpreter, .verilator])
  func channelsRunBothWays(engine: EngineKind) throws {
    let sim = try Simulation(BusBridge(), engine: engine)
    sim[\.m_axi.ar.ready].value = 1
    sim[\.s_axi.ar.valid].value = 1
    sim[\.s_axi.ar.payload.addr].value = 44
    sim[\.m_axi.r.valid].value = 1
    sim.leaves(of: \.m_axi.r.payload)[0].bits = BitVector(truncating: 0xC0FFEE, width: 32)
    sim.leaves(of: \.m_axi.r.payload.resp)[0].bits = AXIResponse.decodeError.code
    #expect(sim[\.m_axi.ar.valid].value == 1 && sim[\.m_axi.ar.payload.addr].value == 44)
    #expect(sim[\.s_axi.ar.ready].value == 1 && sim[\.s_axi.r.valid].value == 1)
    #expect(sim.leaves(of: \.s_axi.r.payload).map(\.bits) == [
      BitVector(truncating: 0xC0FFEE, width: 32), AXIResponse.decodeError.code,
    ])
    sim.step()
    #expect(sim.last == 44)
  }
}
