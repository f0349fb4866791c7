import Weft

/// The addresses of a subordinate.
public struct AXIRegion: Hashable, Sendable {
  /// The first byte, a multiple of `size`.
  public var base: Int
  /// The number of bytes, a power of two from 4 KB up.
  public var size: Int

  /// The `size` bytes from `base` on.
  public init(base: Int, size: Int) {
    self.base = base
    self.size = size
  }
}

extension AXIRegion {
  /// Whether an address lies in the region.
  func contains(_ address: Unsigned) -> Bit {
    let low = size.trailingZeroBitCount
    return low >= address.width ? 1 : (address >> low) == Unsigned(base >> low)
  }

  /// What is wrong with the region on a bus with addresses of so many bits.
  func problem(addressWidth: Int) -> String? {
    if size < 4096 || size.nonzeroBitCount != 1 {
      return "the region of a subordinate has 4096, 8192 ... bytes; \(size) were given"
    }
    if base < 0 || !base.isMultiple(of: size) {
      return "a region of \(size) bytes begins at a multiple of them; \(base) was given"
    }
    if (base + size - 1).bitsToHold > addressWidth {
      return "the region of \(size) bytes from \(base) on lies beyond an address of \(addressWidth) bits"
    }
    return nil
  }
}
