/// What an AXI4-Lite manager asks for: one word.
public struct AXILiteAddress: Bundle {
  /// The address of the word's first byte.
  public var addr: Unsigned
  /// Who accesses: privileged, non-secure, an instruction.
  public var prot: Bits = field(.bits(3))

  /// A word's address.
  public init(addressWidth: Int) { addr = field(.unsigned(addressWidth)) }
}

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

/// How an AXI4-Lite write ended.
public struct AXILiteWriteResponse: Bundle {
  /// How it ended.
  public var resp: Choice<AXIResponse> = field(.choice(AXIResponse.self))

  /// A response.
  public init() {}
}

/// A word that an AXI4-Lite manager reads.
public struct AXILiteReadData: Bundle {
  /// The bytes, that of the lowest address in the lowest bits.
  public var data: Bits
  /// How the word was read.
  public var resp: Choice<AXIResponse> = field(.choice(AXIResponse.self))

  /// A word of `dataWidth` bits.
  public init(dataWidth: Int) { data = field(.bits(dataWidth)) }
}

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
