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
