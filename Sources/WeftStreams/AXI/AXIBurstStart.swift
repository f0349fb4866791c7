import Weft

/// What is left of a burst once its data go another way: where it begins, and its beats less one.
struct AXIBurstStart: Bundle {
  var address: Unsigned
  var length: Unsigned = field(.unsigned(8))

  init(addressWidth: Int) { address = field(.unsigned(addressWidth)) }

  init(of burst: AXIBurstRange) { (address, length) = (burst.address, burst.length) }
}
