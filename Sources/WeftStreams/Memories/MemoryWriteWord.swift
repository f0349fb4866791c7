import Weft

/// A word that is written to a memory.
public struct MemoryWriteWord: Bundle {
  /// The bytes, that of the lowest address in the lowest bits.
  public var data: Bits
  /// Which of the bytes are written.
  public var strobe: Bits

  /// A word of `wordWidth` bits, a multiple of eight.
  public init(wordWidth: Int) {
    data = field(.bits(wordWidth))
    strobe = field(.bits(max(1, wordWidth / 8)))
  }
}
