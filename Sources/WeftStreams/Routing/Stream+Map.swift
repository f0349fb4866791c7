import Weft

extension Stream {
  /// The stream whose payloads are those of this one, each changed by `transform`: logic alone, no cycle. Connected to
  /// a sink, it takes this stream's payloads.
  public func map<Result: Signal>(_ transform: (Payload) -> Result) -> Stream<Result> {
    Stream<Result>(payload: transform(payload), valid: valid, ready: ready)
  }
}
