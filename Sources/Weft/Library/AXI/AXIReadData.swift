/// A beat that an AXI4 manager reads.
public struct AXIReadData: Bundle {
  /// The identifier of the transaction.
  public var id: Bits
  /// The bytes, that of the lowest address in the lowest bits.
  public var data: Bits
  /// How the beat was read.
  public var resp: Choice<AXIResponse> = field(.choice(AXIResponse.self))
  /// Whether the burst ends with the beat.
  public var last: Bit = field(.bit)

  /// A beat of `dataWidth` bits.
  public init(dataWidth: Int, idWidth: Int) {
    id = field(.bits(idWidth))
    data = field(.bits(dataWidth))
  }
}
