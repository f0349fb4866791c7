/// A beat that an AXI4 manager writes.
public struct AXIWriteData: Bundle {
  /// The bytes, that of the lowest address in the lowest bits.
  public var data: Bits
  /// Which of the bytes are written.
  public var strb: Bits
  /// Whether the burst ends with the beat.
  public var last: Bit = field(.bit)

  /// A beat of `dataWidth` bits, a power of two from 8 to 1024.
  public init(dataWidth: Int) {
    data = field(.bits(dataWidth))
    strb = field(.bits(max(1, dataWidth / 8)))
  }
}
