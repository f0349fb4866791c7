import Weft

/// Bytes beside each other in a beat.
public struct ByteRun: Bundle {
  /// The beat.
  public var data: Bits
  /// The place of the first of the bytes.
  public var firstLane: Unsigned
  /// The place behind the last of the bytes; that of the first where there are none.
  public var endLane: Unsigned
  /// Whether the packet ends with them.
  public var last: Bit = field(.bit)

  /// Bytes in a beat of `dataWidth` bits, a power of two from eight up.
  public init(dataWidth: Int) {
    let lanes = ByteLanes(dataWidth: dataWidth)
    data = field(.bits(dataWidth))
    firstLane = field(.unsigned(lanes.indexWidth))
    endLane = field(.unsigned(lanes.countWidth))
  }
}
