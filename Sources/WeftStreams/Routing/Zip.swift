import Weft

/// Two signals beside each other.
public struct Pair<First: Signal, Second: Signal>: Bundle {
  /// The one.
  public var first: First
  /// The other.
  public var second: Second

  /// A pair of these shapes.
  public init(of first: Shape<First>, _ second: Shape<Second>) {
    self.first = field(first)
    self.second = field(second)
  }
}

/// Brings two streams of different payloads together: the first payloads of both leave as one pair, then the second
/// ones, and so on.
///
/// Latency, throughput and paths are those of a ``Join``.
public struct Zip<First: Signal, Second: Signal>: Module {
  /// What the one stream carries.
  public let firstPayload: Shape<First>
  /// What the other stream carries.
  public let secondPayload: Shape<Second>

  /// Brings together streams of these shapes.
  public init(of first: Shape<First>, _ second: Shape<Second>) {
    firstPayload = first
    secondPayload = second
  }

  /// The one stream.
  public var first: Stream<First> { sink(firstPayload) }
  /// The other stream.
  public var second: Stream<Second> { sink(secondPayload) }
  /// Where pairs leave.
  public var output: Stream<Pair<First, Second>> { source(.bundle(Pair(of: firstPayload, secondPayload))) }

  public var body: Circuit {
    output.payload.first <== first.payload
    output.payload.second <== second.payload
    output.valid <== first.valid & second.valid
    first.ready <== output.fires
    second.ready <== output.fires
  }
}
