import Weft

/// How a data mover ended with a descriptor.
public enum DMAOutcome: Enumeration {
  /// The whole region was read or written.
  case complete
  /// The memory failed; what came after was dropped.
  case subordinateError
  /// There is no memory at an address; what came after was dropped.
  case decodeError
  /// The packet ended before the region did; the rest of the region is as it was.
  case packetTooShort
  /// The packet has more bytes than the region; those were dropped.
  case packetTooLong
}

extension Choice where E == AXIResponse {
  /// The outcome where this is the first error, `other` where it is none.
  package func outcome(else other: Choice<DMAOutcome>) -> Choice<DMAOutcome> {
    let error = (self == .decodeError).select(.decodeError, else: DMAOutcome.subordinateError)
    return isError.select(error, else: other)
  }
}
