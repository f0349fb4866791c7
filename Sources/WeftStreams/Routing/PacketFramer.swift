import Weft

/// Cuts a stream into packets of equal length: the last payload of each is marked.
///
/// - Latency: none.
/// - Throughput: a payload a cycle.
public struct PacketFramer<Payload: Signal>: Module {
  /// What passes.
  public let payload: Shape<Payload>
  /// The payloads of a packet, at least one.
  public let length: Int

  /// A framer of packets of `length` payloads, at least one.
  public init(of payload: Shape<Payload>, length: Int) {
    self.payload = payload
    self.length = length
  }

  /// Where payloads enter.
  public var input: Stream<Payload> { sink(payload) }
  /// Where they leave, marked.
  public var output: Stream<Framed<Payload>> { source(.bundle(Framed(of: payload))) }

  var position: Unsigned { register(.unsigned((length - 1).bitsToHold), reset: 0) }

  public var body: Circuit {
    require(length >= 1, "a packet has at least 1 payload; \(length) were asked for")
    output.payload.payload <== input.payload
    output.payload.last <== position == Unsigned(max(0, length - 1))
    output.valid <== input.valid
    input.ready <== output.ready
    When(input.fires) { position <== position.successor(inRingOf: length) }
  }
}
