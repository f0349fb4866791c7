import Weft

/// A burst that is refused: its identifier, and its beats less one.
struct AXIRefusedBurst: Bundle {
  var id: Bits
  var length: Unsigned = field(.unsigned(8))

  init(idWidth: Int) { id = field(.bits(idWidth)) }
}
