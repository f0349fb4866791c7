import Weft

/// A payload and the index of the output it is for.
public struct Routed<Payload: Signal>: Bundle {
  /// What travels.
  public var payload: Payload
  /// The output it is for.
  public var destination: Unsigned

  /// A payload of this shape for one of `outputs`.
  public init(of payload: Shape<Payload>, outputs: Int) {
    self.payload = field(payload)
    destination = field(.unsigned((outputs - 1).bitsToHold))
  }
}
