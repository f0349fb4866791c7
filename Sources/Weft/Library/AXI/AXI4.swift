/// An AXI4 bus (Arm IHI 0022), as its manager has it: `output` makes a manager's port, `input` a subordinate's.
///
/// Each channel is a stream; ports have the names of the standard: `m_axi_awaddr`, `m_axi_awvalid`.
///
/// ```swift
/// var m_axi: AXI4 { output(.bundle(AXI4(addressWidth: 32, dataWidth: 64))) }
/// ```
public struct AXI4: Bundle {
  /// The bursts to be written.
  public var aw: Stream<AXIAddress>
  /// Their beats, in the same order.
  public var w: Stream<AXIWriteData>
  /// How they ended.
  public var b: Stream<AXIWriteResponse>
  /// The bursts to be read.
  public var ar: Stream<AXIAddress>
  /// Their beats.
  public var r: Stream<AXIReadData>

  /// All of them.
  public static var channels: Set<String> { ["aw", "w", "b", "ar", "r"] }

  /// A bus.
  ///
  /// - Parameters:
  ///   - addressWidth: The bits of the address of a byte.
  ///   - dataWidth: The bits of a beat, a power of two from 8 to 1024.
  ///   - idWidth: The bits of a transaction's identifier, at least one.
  public init(addressWidth: Int, dataWidth: Int, idWidth: Int = 1) {
    let address = AXIAddress(addressWidth: addressWidth, idWidth: idWidth)
    aw = field(.stream(of: .bundle(address)))
    w = field(.stream(of: .bundle(AXIWriteData(dataWidth: dataWidth))))
    b = field(.stream(of: .bundle(AXIWriteResponse(idWidth: idWidth))).returning)
    ar = field(.stream(of: .bundle(address)))
    r = field(.stream(of: .bundle(AXIReadData(dataWidth: dataWidth, idWidth: idWidth))).returning)
  }
}

extension AXI4 {
  /// The bits of the address of a byte.
  public var addressWidth: Int { ar.payload.addr.width }
  /// The bits of a beat.
  public var dataWidth: Int { r.payload.data.width }
  /// The bits of a transaction's identifier.
  public var idWidth: Int { r.payload.id.width }
  /// `AxSIZE` of beats that fill the data: the bytes as a power of two.
  public var fullSize: Int { max(0, (dataWidth / 8).trailingZeroBitCount) }
}
