/// A ready/valid stream: the source offers `payload` under `valid`, the sink takes it in a cycle in which it answers
/// `ready`. A source that is valid keeps its payload and stays valid until it is taken.
///
/// Foundation has a `Stream` of its own: in a file that imports it, this one is `Weft.Stream`.
public struct Stream<Payload: Signal>: Bundle {
  /// What travels.
  public var payload: Payload
  /// Whether the source offers something.
  public var valid: Bit = field(.bit)
  /// Whether the sink takes what is offered.
  public var ready: Bit = field(.bit.returning)

  /// A stream of payloads of this shape.
  public init(of shape: Shape<Payload>) { payload = field(shape) }

  /// The stream that these signals are.
  public init(payload: Payload, valid: Bit, ready: Bit) {
    self.payload = payload
    self.valid = valid
    self.ready = Bit(operand: Scope.current.sized(ready.operand, width: 1).turned(Turns().inside(isReturning: true)))
  }

  /// Whether a payload passes in this cycle.
  public var fires: Bit { valid & ready }
}

extension Shape {
  /// A ready/valid stream.
  public static func stream<Payload>(of payload: Shape<Payload>) -> Shape where Value == Stream<Payload> {
    .bundle(Stream(of: payload))
  }
}
