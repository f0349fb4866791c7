import Weft

/// Brings several streams together: the first payloads of all leave as one vector, then the second ones, and so on.
///
/// - Latency: none.
/// - Throughput: a vector a cycle, as fast as the slowest stream.
/// - Capacity: none.
/// - Paths: combinational from every `inputs[i].valid` to `output.valid`, and from those and `output.ready` to every
///   `inputs[i].ready`.
public struct Join<Payload: Signal>: Module {
  /// What a single stream carries.
  public let payload: Shape<Payload>
  /// The number of streams, at least one.
  public let streams: Int

  /// A join of so many streams, at least one.
  public init(of payload: Shape<Payload>, streams: Int) {
    self.payload = payload
    self.streams = streams
  }

  /// The streams.
  public var inputs: Vector<Stream<Payload>> { input(.vector(streams, of: .stream(of: payload))) }
  /// Where vectors leave, the payload of stream i at index i.
  public var output: Stream<Vector<Payload>> { source(.vector(streams, of: payload)) }

  public var body: Circuit {
    output.valid <== inputs.map(\.valid).areAllSet
    for (index, stream) in inputs.enumerated() {
      output.payload[index] <== stream.payload
      stream.ready <== output.fires
    }
  }
}
