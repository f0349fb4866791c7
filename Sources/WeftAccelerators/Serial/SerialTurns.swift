import Weft
import WeftStreams

/// Merges the packets of several senders, which take turns: one after the other is looked at, and sends its packet
/// whole where it has one. A line is slow, so that a cycle for each of them costs nothing.
public struct SerialTurns: Module {
  /// The number of senders, at least one.
  public let senders: Int

  /// Turns of so many senders, at least one.
  public init(senders: Int) { self.senders = senders }

  /// The packets' bytes.
  public var inputs: Vector<Stream<Framed<Unsigned>>> {
    input(.vector(senders, of: .stream(of: .bundle(Framed(of: .unsigned(8))))))
  }
  /// The bytes of all.
  public var output: Stream<Unsigned> { source(.unsigned(8)) }

  private var turn: Counter { Counter(self, limit: senders, named: "turn") }
  var isSending: Bit { register(.bit, reset: 0) }
  var held: Unsigned { register(.unsigned(8)) }
  var isHolding: Bit { register(.bit, reset: 0) }

  public var body: Circuit {
    let turn = turn
    let bytes = Vector(inputs.map(\.payload.payload))[turn.value]
    let isLast = Vector(inputs.map(\.payload.last))[turn.value]
    let isOffered = Vector(inputs.map(\.valid))[turn.value]
    let takes = isOffered & !isHolding
    for (index, stream) in inputs.enumerated() {
      stream.ready <== !isHolding & (turn.value == Bits.number(index, turn.value.width))
    }
    When(takes) {
      held <== bytes
      isSending <== !isLast
    }
    When(takes | output.ready) { isHolding <== takes }
    When((takes & isLast) | (!isOffered & !isSending)) { turn.advance }
    output.payload <== held
    output.valid <== isHolding
  }
}
