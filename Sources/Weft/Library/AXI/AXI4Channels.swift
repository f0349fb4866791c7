/// The channels of an AXI4 bus that read, as their manager has them: all that one needs which never writes.
public struct AXI4ReadChannels: Bundle {
  /// The bursts to be read.
  public var ar: Stream<AXIAddress>
  /// Their beats.
  public var r: Stream<AXIReadData>

  /// Both of them.
  public static var channels: Set<String> { ["ar", "r"] }

  /// Channels with addresses of `addressWidth` bits, beats of `dataWidth` bits and identifiers of `idWidth`.
  public init(addressWidth: Int, dataWidth: Int, idWidth: Int = 1) {
    ar = field(.stream(of: .bundle(AXIAddress(addressWidth: addressWidth, idWidth: idWidth))))
    r = field(.stream(of: .bundle(AXIReadData(dataWidth: dataWidth, idWidth: idWidth))).returning)
  }

  init(of bus: AXI4) { (ar, r) = (bus.ar, bus.r) }
}

/// The channels of an AXI4 bus that write, as their manager has them: all that one needs which never reads.
public struct AXI4WriteChannels: Bundle {
  /// The bursts to be written.
  public var aw: Stream<AXIAddress>
  /// Their beats, in the same order.
  public var w: Stream<AXIWriteData>
  /// How they ended.
  public var b: Stream<AXIWriteResponse>

  /// All of them.
  public static var channels: Set<String> { ["aw", "w", "b"] }

  /// Channels with addresses of `addressWidth` bits, beats of `dataWidth` bits and identifiers of `idWidth`.
  public init(addressWidth: Int, dataWidth: Int, idWidth: Int = 1) {
    aw = field(.stream(of: .bundle(AXIAddress(addressWidth: addressWidth, idWidth: idWidth))))
    w = field(.stream(of: .bundle(AXIWriteData(dataWidth: dataWidth))))
    b = field(.stream(of: .bundle(AXIWriteResponse(idWidth: idWidth))).returning)
  }

  init(of bus: AXI4) { (aw, w, b) = (bus.aw, bus.w, bus.b) }
}

extension AXI4 {
  /// The channels that read.
  public var reads: AXI4ReadChannels { AXI4ReadChannels(of: self) }
  /// The channels that write.
  public var writes: AXI4WriteChannels { AXI4WriteChannels(of: self) }
}
