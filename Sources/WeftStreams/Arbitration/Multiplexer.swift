import Weft

/// Passes one of several streams on, chosen by an index; the others wait.
///
/// The index may change only where nothing is offered, or in the cycle after a payload was taken.
///
/// - Latency: none.
/// - Throughput: a payload a cycle.
public struct Multiplexer<Payload: Signal>: Module {
  /// What passes.
  public let payload: Shape<Payload>
  /// The number of streams, at least one.
  public let streams: Int

  /// A multiplexer of so many streams, at least one.
  public init(of payload: Shape<Payload>, streams: Int) {
    self.payload = payload
    self.streams = streams
  }

  /// The streams.
  public var inputs: Vector<Stream<Payload>> { input(.vector(streams, of: .stream(of: payload))) }
  /// The index of the stream that passes.
  public var index: Unsigned { input(.unsigned((streams - 1).bitsToHold)) }
  /// Where payloads leave.
  public var output: Stream<Payload> { source(payload) }

  public var body: Circuit {
    output.payload <== inputs.map(\.payload).element(at: index)
    output.valid <== 0
    for (number, stream) in inputs.enumerated() {
      stream.ready <== output.ready & (index == Unsigned(number))
      When(index == Unsigned(number)) { output.valid <== stream.valid }
    }
  }
}
