import Weft

/// A payload of a packet, and whether it is the packet's last.
public struct Framed<Payload: Signal>: Bundle {
  /// What travels.
  public var payload: Payload
  /// Whether the packet ends with it.
  public var last: Bit = field(.bit)

  /// A payload of this shape.
  public init(of payload: Shape<Payload>) { self.payload = field(payload) }
}
