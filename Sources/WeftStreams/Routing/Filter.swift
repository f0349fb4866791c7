import Weft

/// Lets some payloads of a stream pass and drops the others.
///
/// - Latency: none.
/// - Throughput: a payload a cycle, dropped ones included.
/// - Paths: combinational from `input` and `isKept` to `output`, and from `isKept` and `output.ready` to `input.ready`.
public struct Filter<Payload: Signal>: Module {
  /// What passes.
  public let payload: Shape<Payload>

  /// A filter for payloads of this shape.
  public init(of payload: Shape<Payload>) { self.payload = payload }

  /// Where payloads enter.
  public var input: Stream<Payload> { sink(payload) }
  /// Whether the payload that is offered passes.
  public var isKept: Bit { input(.bit) }
  /// Where payloads leave.
  public var output: Stream<Payload> { source(payload) }

  public var body: Circuit {
    output.payload <== input.payload
    output.valid <== input.valid & isKept
    input.ready <== output.ready | !isKept
  }
}
