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

/// An AXI4-Stream (Arm IHI 0051): packets of bytes. Its ports have the names of the standard: `s_axis_tdata`,
/// `s_axis_tvalid`.
///
/// `output` makes a transmitter's port, `input` a receiver's; `port.t` is the stream.
public struct AXI4Stream: Bundle {
  /// The transfers.
  public var t: Stream<AXIStreamTransfer>

  /// The only one.
  public static var channels: Set<String> { ["t"] }

  /// A stream of transfers of `dataWidth` bits, a multiple of eight.
  public init(dataWidth: Int) { t = field(.stream(of: .bundle(AXIStreamTransfer(dataWidth: dataWidth)))) }
}

extension AXI4Stream {
  /// The bits of a transfer.
  public var dataWidth: Int { t.payload.data.width }
}
