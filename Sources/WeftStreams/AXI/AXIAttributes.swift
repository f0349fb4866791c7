import Weft

/// What a manager says of an access beside its bytes.
struct AXIAttributes: Bundle {
  var cache: Bits = field(.bits(4))
  var prot: Bits = field(.bits(3))
  var qos: Bits = field(.bits(4))

  func takes(_ burst: AXIAddress) -> Circuit {
    Circuit([cache <== burst.cache, prot <== burst.prot, qos <== burst.qos])
  }
}
