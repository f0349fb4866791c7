import Weft

/// A region of a memory for a data mover: rows of bytes at a constant distance.
public struct DMADescriptor: Bundle {
  /// The address of the first byte; any.
  public var address: Unsigned
  /// The bytes of a row.
  public var rowBytes: Unsigned = field(.unsigned(24))
  /// The number of rows. A region without rows, or of rows without bytes, is empty.
  public var rows: Unsigned = field(.unsigned(16))
  /// What the address of a row's first byte is more than that of the row before; modulo the address's width, so that it
  /// may be negative.
  public var stride: Unsigned

  /// A region with addresses of `addressWidth` bits.
  public init(addressWidth: Int) {
    address = field(.unsigned(addressWidth))
    stride = field(.unsigned(addressWidth))
  }
}

extension DMADescriptor {
  /// Whether there is nothing in the region.
  var isEmpty: Bit { (rowBytes == 0) | (rows == 0) }
}
