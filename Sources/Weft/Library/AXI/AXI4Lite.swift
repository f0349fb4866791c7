/// An AXI4-Lite bus (Arm IHI 0022), as its manager has it: `output` makes a manager's port, `input` a subordinate's.
public struct AXI4Lite: Bundle {
  /// The words to be written.
  public var aw: Stream<AXILiteAddress>
  /// What they get.
  public var w: Stream<AXILiteWriteData>
  /// How the writes ended.
  public var b: Stream<AXILiteWriteResponse>
  /// The words to be read.
  public var ar: Stream<AXILiteAddress>
  /// What they hold.
  public var r: Stream<AXILiteReadData>

  /// All of them.
  public static var channels: Set<String> { ["aw", "w", "b", "ar", "r"] }

  /// A bus.
  ///
  /// - Parameters:
  ///   - addressWidth: The bits of the address of a byte.
  ///   - dataWidth: The bits of a word, 32 or 64.
  public init(addressWidth: Int, dataWidth: Int = 32) {
    let address = AXILiteAddress(addressWidth: addressWidth)
    aw = field(.stream(of: .bundle(address)))
    w = field(.stream(of: .bundle(AXILiteWriteData(dataWidth: dataWidth))))
    b = field(.stream(of: .bundle(AXILiteWriteResponse())).returning)
    ar = field(.stream(of: .bundle(address)))
    r = field(.stream(of: .bundle(AXILiteReadData(dataWidth: dataWidth))).returning)
  }
}

extension AXI4Lite {
  /// The bits of the address of a byte.
  public var addressWidth: Int { ar.payload.addr.width }
  /// The bits of a word.
  public var dataWidth: Int { r.payload.data.width }
}
