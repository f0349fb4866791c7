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

/// How a burst of writes ended.
public struct AXIWriteResponse: Bundle {
  /// The identifier of the transaction.
  public var id: Bits
  /// How it ended.
  public var resp: Choice<AXIResponse> = field(.choice(AXIResponse.self))

  /// A response.
  public init(idWidth: Int) { id = field(.bits(idWidth)) }
}

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
