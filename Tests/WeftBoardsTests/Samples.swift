import Weft
import WeftBoards

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
