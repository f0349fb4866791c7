import Weft

/// A bus straight through, with a reset that does nothing.
struct BusPassage: Module {
  var addressWidth = 32
  var dataWidth = 64
  var idWidth = 3

  private var bus: Shape<AXI4> {
    .bundle(AXI4(addressWidth: addressWidth, dataWidth: dataWidth, idWidth: idWidth))
  }
  var s_axi: AXI4 { input(bus) }
  var m_axi: AXI4 { output(bus) }
  var wasReset: Bit { output(.bit) }
  var mark: Bit { register(.bit, reset: 1) }

  var body: Circuit {
    m_axi <== s_axi
    mark <== 0
    wasReset <== mark
  }
}
