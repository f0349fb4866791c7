import Weft

/// Bytes of a memory that lie one behind the other.
public struct ByteRange: Bundle {
  /// The address of the first byte.
  public var address: Unsigned
  /// The number of bytes, at least one.
  public var count: Unsigned
  /// Whether it is the last range of several that belong together.
  public var isLast: Bit = field(.bit)

  /// A range with an address of `addressWidth` bits and a number of bytes of `countWidth`.
  public init(addressWidth: Int, countWidth: Int) {
    address = field(.unsigned(addressWidth))
    count = field(.unsigned(countWidth))
  }
}
