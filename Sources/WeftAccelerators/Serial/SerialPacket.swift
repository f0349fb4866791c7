import Weft

/// A packet on its way to the host, all at once.
public struct SerialPacket: Bundle {
  /// Its bytes, the first one first.
  public var bytes: Vector<Unsigned>
  /// How many of them there are.
  public var count: Unsigned

  /// A packet of at most so many bytes.
  public init(longest: Int) {
    bytes = field(.vector(longest, of: .unsigned(8)))
    count = field(.unsigned(bitsFor(longest)))
  }
}
