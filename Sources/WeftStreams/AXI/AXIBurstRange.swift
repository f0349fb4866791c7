import Weft

/// An incrementing burst of full beats, and which bytes of its first and last beat are meant; all those between are.
public struct AXIBurstRange: Bundle {
  /// The address of the first beat, a multiple of a beat's bytes.
  public var address: Unsigned
  /// The number of beats, less one.
  public var length: Unsigned = field(.unsigned(8))
  /// The place of the first byte in the first beat.
  public var firstLane: Unsigned
  /// The place behind the last byte in the last beat.
  public var endLane: Unsigned
  /// Whether it is the last burst of the last range.
  public var isLast: Bit = field(.bit)

  /// A burst with an address of `addressWidth` bits and beats of `dataWidth`.
  public init(addressWidth: Int, dataWidth: Int) {
    let lanes = ByteLanes(dataWidth: dataWidth)
    address = field(.unsigned(addressWidth))
    firstLane = field(.unsigned(lanes.indexWidth))
    endLane = field(.unsigned(lanes.countWidth))
  }
}
