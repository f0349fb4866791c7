import Weft

/// A burst that is asked of a memory: words that lie one behind the other.
public struct MemoryRequest: Bundle {
  /// The address of the first word, counted in words.
  public var address: Unsigned
  /// The number of words, at least one.
  public var count: Unsigned

  /// A request with addresses of `addressWidth` bits for 1 to `longestBurst` words.
  public init(addressWidth: Int, longestBurst: Int) {
    address = field(.unsigned(addressWidth))
    count = field(.unsigned(longestBurst.bitsToHold))
  }
}
