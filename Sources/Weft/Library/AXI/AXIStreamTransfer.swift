/// A transfer of an AXI4-Stream.
public struct AXIStreamTransfer: Bundle {
  /// The bytes, the first in the lowest bits.
  public var data: Bits
  /// Which of the bytes belong to the packet.
  public var keep: Bits
  /// Whether the packet ends with the transfer.
  public var last: Bit = field(.bit)

  /// A transfer of `dataWidth` bits, a multiple of eight.
  public init(dataWidth: Int) {
    data = field(.bits(dataWidth))
    keep = field(.bits(max(1, dataWidth / 8)))
  }
}
