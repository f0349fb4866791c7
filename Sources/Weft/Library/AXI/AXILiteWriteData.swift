/// A word that an AXI4-Lite manager writes.
public struct AXILiteWriteData: Bundle {
  /// The bytes, that of the lowest address in the lowest bits.
  public var data: Bits
  /// Which of the bytes are written.
  public var strb: Bits

  /// A word of `dataWidth` bits, 32 or 64.
  public init(dataWidth: Int) {
    data = field(.bits(dataWidth))
    strb = field(.bits(max(1, dataWidth / 8)))
  }
}
