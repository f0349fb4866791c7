import Testing
import Weft
import WeftSimulation

/// Copies words from one place in memory to another, one after the other.
struct WordCopier: Module {
  var m_axi: AXI4 { output(.bundle(AXI4(addressWidth: 32, dataWidth: 32))) }
  var start: Bit { input(.bit) }
  var source: Unsigned { input(.unsigned(32)) }
  var target: Unsigned { input(.unsigned(32)) }
  var words: Unsigned { input(.unsigned(8)) }
  var busy: Bit { output(.bit) }

  enum Step: Enumeration { case idle, askRead, read, askWrite, write, answer }
  var step: Choice<Step> { register(.choice(), reset: .idle) }
  var offset: Unsigned { register(.unsigned(10), reset: 0) }
  var word: Bits { register(.bits(32)) }

  var body: Circuit {
    busy <== (step != .idle)
    requests
    beats
    steps
  }

  @CircuitBuilder private var requests: Circuit {
    for (channel, base, step) in [(m_axi.ar, source, Step.askRead), (m_axi.aw, target, .askWrite)] {
      channel.valid <== (self.step == step)
      channel.payload.id <== 0
      channel.payload.addr <== base &+ offset.extended(to: 32)
      channel.payload.len <== 0
      channel.payload.size <== 2
      channel.payload.burst <== .incrementing
      channel.payload.lock <== 0
      channel.payload.cache <== 0
      channel.payload.prot <== 0
      channel.payload.qos <== 0
    }
  }

  @CircuitBuilder private var beats: Circuit {
    m_axi.r.ready <== (step == .read)
    m_axi.w.valid <== (step == .write)
    m_axi.w.payload.data <== word
    m_axi.w.payload.strb <== 0b1111
    m_axi.w.payload.last <== 1
    m_axi.b.ready <== (step == .answer)
    When(m_axi.r.fires) { word <== m_axi.r.payload.data }
  }

  @CircuitBuilder private var steps: Circuit {
    When((step == .idle) & start) { step <== .askRead }
    When(m_axi.ar.fires) { step <== .read }
    When(m_axi.r.fires) { step <== .askWrite }
    When(m_axi.aw.fires) { step <== .write }
    When(m_axi.w.fires) { step <== .answer }
    When(m_axi.b.fires) {
      let next = offset &+ 4
      let isLast = next[2..<10].asUnsigned == words
      offset <== isLast.select(0, else: next)
      step <== isLast.select(.idle, else: .askRead)
    }
  }
}

/// Four words that a driver writes and reads; there is nothing at the addresses from 16 on.
struct ScratchRegisters: Module {
  var s_axi: AXI4Lite { input(.bundle(AXI4Lite(addressWidth: 8))) }
  var words: Vector<Bits> { register(.vector(4, of: .bits(32))) }
  var answer: Choice<AXIResponse> { register(.choice()) }
  var answers: Bit { register(.bit, reset: 0) }
  var word: Bits { register(.bits(32)) }
  var found: Choice<AXIResponse> { register(.choice()) }
  var reads: Bit { register(.bit, reset: 0) }

  var body: Circuit {
    let writes = s_axi.aw.valid & s_axi.w.valid & !answers
    s_axi.aw.ready <== writes
    s_axi.w.ready <== writes
    write(writes)
    s_axi.b.valid <== answers
    s_axi.b.payload.resp <== answer
    s_axi.ar.ready <== !reads
    read
    s_axi.r.valid <== reads
    s_axi.r.payload.data <== word
    s_axi.r.payload.resp <== found
  }

  private func response(_ address: Unsigned) -> Choice<AXIResponse> {
    (address < 16).select(.okay, else: .decodeError)
  }

  @CircuitBuilder private func write(_ writes: Bit) -> Circuit {
    let address = s_axi.aw.payload.addr
    let data = s_axi.w.payload
    When(s_axi.b.fires) { answers <== 0 }
    When(writes) {
      answers <== 1
      answer <== response(address)
      for index in 0..<4 {
        for byte in 0..<4 {
          When((address[2..<8].asUnsigned == Unsigned(index)) & data.strb[byte]) {
            words[index][(8 * byte)..<(8 * byte + 8)] <== data.data[(8 * byte)..<(8 * byte + 8)]
          }
        }
      }
    }
  }

  @CircuitBuilder private var read: Circuit {
    When(s_axi.r.fires) { reads <== 0 }
    When(s_axi.ar.fires) {
      reads <== 1
      word <== words[s_axi.ar.payload.addr[2..<4].asUnsigned]
      found <== response(s_axi.ar.payload.addr)
    }
  }
}

/// What the page on buses shows.
@Suite struct BusPageTests {
  @Test func memory() throws {
    let sim = try Simulation(WordCopier())
    let memory = AXIMemory(
      sim, \.m_axi, memory: ByteMemory(Array("hardware".utf8), at: 0x1000),
      timing: MemoryTiming(latency: 100, jitter: 20, seed: 7), stalls: .random(seed: 8))
    let bench = StreamBench(sim, memory, AXIChecker(sim, \.m_axi))
    (sim.source, sim.target, sim.words, sim.start) = (0x1000, 0x2000, 2, 1)
    try bench.step()
    sim.start = 0
    try bench.run(until: { sim.busy == 0 }, limit: 2_000)
    #expect(memory.memory[0x2000..<0x2008] == Array("hardware".utf8))
    #expect(memory.reads.bytes == 8 && memory.writes.bursts == 2)
  }

  @Test func registers() throws {
    let sim = try Simulation(ScratchRegisters())
    let registers = AXILiteManager(sim, \.s_axi)
    let bench = StreamBench(sim, registers, AXILiteChecker(sim, \.s_axi))
    try registers.write(0x1234, at: 0x08, on: bench)
    #expect(try registers.read(at: 0x08, on: bench) == 0x1234)
  }

  @Test func bursts() throws {
    let sim = try Simulation(BusPassage())
    let manager = AXIManager(sim, \.s_axi, stalls: .random(seed: 7))
    let memory = AXIMemory(sim, \.m_axi, at: 0..<0x1_0000, order: .interleaved, stalls: .random(seed: 8))
    memory.faults = [AXIFault(0x300..<0x310)]
    let bench = StreamBench(sim, manager, memory, AXIChecker(sim, \.s_axi))
    manager.write([1, 2, 3, 4], at: 0x103)
    let wrapped = manager.read(AXIRequest(address: 0x118, beats: 4, size: 3, burst: .wrapping, identifier: 2))
    let failed = manager.read(AXIRequest(address: 0x308, size: 3))
    try bench.run(until: { manager.isIdle }, limit: 1_000)
    #expect(manager.reads[wrapped].bytes.count == 32)
    #expect(manager.reads[failed].responses == [.subordinateError])
    #expect(try manager.read(0x103..<0x107, on: bench) == [1, 2, 3, 4])
  }

  @Test func collecting() throws {
    let sim = try Simulation(BusPassage())
    let manager = AXIManager(sim, \.s_axi)
    let checker = AXIChecker(sim, \.m_axi, collecting: true)
    let bench = StreamBench(sim, manager, AXIMemory(sim, \.m_axi), checker)
    manager.read(AXIRequest(address: 0xFF8, beats: 2, size: 3))
    try bench.run(until: { manager.isIdle }, limit: 100)
    #expect(
      checker.violations.map(\.description) == [
        "cycle 0: `m_axi_ar` breaks a rule: a burst does not cross a multiple of 4 KB (pageCrossed, IHI 0022E A3.4.1); "
          + "2 beats of 8 bytes from 0xff8 on, incrementing, identifier 0"
      ])
  }

  @Test func packets() throws {
    let sim = try Simulation(PacketWire())
    let transmitter = AXIStreamTransmitter(sim, \.s_axis, stalls: .random(seed: 7))
    let receiver = AXIStreamReceiver(sim, \.m_axis, stalls: .random(seed: 8))
    let bench = StreamBench(sim, transmitter, receiver, AXIStreamChecker(sim, \.m_axis))
    transmitter.send(Array("hello".utf8))
    try bench.run(until: { receiver.packets.count == 1 }, limit: 100)
    #expect(receiver.packets == [Array("hello".utf8)])
  }
}

/// A stream straight through.
struct PacketWire: Module {
  var s_axis: AXI4Stream { input(.bundle(AXI4Stream(dataWidth: 32))) }
  var m_axis: AXI4Stream { output(.bundle(AXI4Stream(dataWidth: 32))) }
  var body: Circuit { m_axis <== s_axis }
}
