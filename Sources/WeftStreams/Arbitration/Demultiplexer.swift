import Weft

/// Sends every payload of a stream to one of several streams, by an index that comes with it.
///
/// - Latency: none.
/// - Throughput: a payload a cycle.
/// - Paths: combinational from `input` to `outputs`, and from every `outputs[i].ready` to `input.ready`.
public struct Demultiplexer<Payload: Signal>: Module {
  /// What passes.
  public let payload: Shape<Payload>
  /// The number of streams, at least one.
  public let streams: Int

  /// A demultiplexer to so many streams, at least one.
  public init(of payload: Shape<Payload>, streams: Int) {
    self.payload = payload
    self.streams = streams
  }

  /// Where payloads enter.
  public var input: Stream<Payload> { sink(payload) }
  /// The index of the stream that the payload is for, as long as it is offered. Payloads for an index that no stream
  /// has are dropped.
  public var index: Unsigned { input(.unsigned((streams - 1).bitsToHold)) }
  /// Where payloads leave.
  public var outputs: Vector<Stream<Payload>> { output(.vector(streams, of: .stream(of: payload))) }

  public var body: Circuit {
    input.ready <== 1
    for (number, stream) in outputs.enumerated() {
      stream.payload <== input.payload
      stream.valid <== input.valid & (index == Unsigned(number))
      When(index == Unsigned(number)) { input.ready <== stream.ready }
    }
  }
}
