import Weft
import WeftNetworks

/// Between the codes of the hardware and the integers that files and users see.
extension TensorFormat {
  /// The hardware code of a stored integer, of as many bits as the storage has.
  func code(ofStored stored: Bits) -> Signed {
    let bits = quantization.bits
    guard quantization.storage.offset != 0, bits == stored.width else { return stored[0..<bits].asSigned }
    // 128 less is another highest bit.
    return concatenate(!stored[bits - 1], stored[0..<bits - 1]).asSigned
  }

  /// The stored integer of a hardware code.
  func stored(ofCode code: Signed) -> Bits {
    let bits = quantization.storage.bits
    let wide = code.extended(to: bits)
    guard quantization.storage.offset != 0 else { return wide.asBits }
    // 128 more is another highest bit.
    return concatenate(!wide[bits - 1], wide[0..<(bits - 1)])
  }
}
