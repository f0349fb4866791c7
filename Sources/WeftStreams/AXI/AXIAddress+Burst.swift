import Weft

extension AXIAddress {
  /// Asks for a burst of beats of two to the power of `size` bytes, under the identifier zero, as ordinary memory.
  func asks(from address: Unsigned, length: Unsigned, size: Int) -> Circuit {
    Circuit([
      id <== 0, addr <== address, len <== length, self.size <== Unsigned(size), burst <== .incrementing, lock <== 0,
      cache <== 0b0011, prot <== 0, qos <== 0,
    ])
  }
}

/// What is left of a burst once its data go another way: where it begins, and its beats less one.
struct AXIBurstStart: Bundle {
  var address: Unsigned
  var length: Unsigned = field(.unsigned(8))

  init(addressWidth: Int) { address = field(.unsigned(addressWidth)) }
}
