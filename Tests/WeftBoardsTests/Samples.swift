import Weft
import WeftBoards
import WeftStreams

/// A block with registers, memory, a stream and an interrupt, whose reset is that of AXI.
struct SampleBlock: Module {
  static let domain = Domain(clock: "aclk", reset: "aresetn", isResetActiveHigh: false)

  var s_axi: AXI4Lite { input(.bundle(AXI4Lite(addressWidth: 8))) }
  var m_axi: AXI4 { output(.bundle(AXI4(addressWidth: 32, dataWidth: 64))) }
  var s_axis: AXI4Stream { input(.bundle(AXI4Stream(dataWidth: 8))) }
  var interrupt: Bit { output(.bit) }
  var count: Unsigned { register(.unsigned(8), reset: 0, domain: Self.domain) }

  var body: Circuit {
    s_axi.aw.ready <== 0
    s_axi.w.ready <== 0
    s_axi.b.valid <== 0
    s_axi.b.payload.resp <== .okay
    s_axi.ar.ready <== 0
    s_axi.r.valid <== 0
    s_axi.r.payload.resp <== .okay
    s_axi.r.payload.data <== Bits(BitVector(zero: 32))
    for address in [m_axi.aw, m_axi.ar] {
      address.valid <== 0
      address.payload.id <== Bits(BitVector(zero: 1))
      address.payload.addr <== count.extended(to: 32)
      address.payload.len <== 0
      address.payload.size <== 3
      address.payload.burst <== .incrementing
      address.payload.lock <== 0
      address.payload.cache <== Bits(BitVector(zero: 4))
      address.payload.prot <== Bits(BitVector(zero: 3))
      address.payload.qos <== Bits(BitVector(zero: 4))
    }
    m_axi.w.valid <== 0
    m_axi.w.payload.data <== Bits(BitVector(zero: 64))
    m_axi.w.payload.strb <== Bits(BitVector(zero: 8))
    m_axi.w.payload.last <== 0
    m_axi.b.ready <== 1
    m_axi.r.ready <== 1
    s_axis.t.ready <== 1
    When(s_axis.t.fires) { count <== count &+ 1 }
    interrupt <== count == 255
  }
}

/// A counter on pins.
struct Blinker: Module {
  var led0: Bit { output(.bit) }
  var led_red: Bit { output(.bit) }
  var count: Unsigned { register(.unsigned(24)) }

  var body: Circuit {
    count <== count &+ 1
    led0 <== count[23]
    led_red <== count[22]
  }
}

/// A counter of cycles that software sets up and reads, and that interrupts.
struct Stopwatch: Module {
  static let enable = RegisterField("enable", .bit, .readWrite, "Whether cycles count.")
  static let limit = RegisterField("limit", .unsigned(16), reset: 1000, "The count that interrupts.")
  static let clear = RegisterField("clear", .bit, .writePulse, "Begins at zero.")
  static let count = RegisterField("count", .unsigned(16), .readOnly, "Cycles since <clear>.")
  static let full = RegisterField.interrupt("full", "The count has reached its limit.")
  static let map = RegisterMap("stopwatch", "Counts cycles.") {
    Register("control", "Starts & stops.") {
      enable
      clear
    }
    Register("setup") { limit }
    Register("state", at: 16) { count }
    Interrupts { full }
  }

  var s_axi: AXI4Lite { input(.bundle(AXI4Lite(addressWidth: 6))) }
  var irq: Bit { output(.bit) }
  var led0: Bit { output(.bit) }
  var registers: Instance<RegisterBank> { instance(RegisterBank(Self.map, addressWidth: 6)) }
  var counted: Unsigned { register(.unsigned(16), reset: 0) }

  var body: Circuit {
    registers.s_axi <== s_axi
    When(registers[Self.clear]) {
      counted <== 0
    } else: {
      When(registers[Self.enable]) { counted <== counted &+ 1 }
    }
    registers[Self.count] <== counted
    registers[set: Self.full] <== counted == registers[Self.limit]
    irq <== registers.irq
    led0 <== registers[Self.enable]
  }
}
