/// How a field of a bundle runs: with or against the bundle it stands in, this bundle with or against the one around
/// it, and so on outwards. A bundle finds its own direction in its fields, since it stores nothing else.
public struct Turns: Hashable, Sendable {
  /// One bit a bundle, the innermost lowest; set where it is run against.
  private var bits: UInt16 = 0

  /// Those of a signal that is no field.
  public init() {}

  /// Whether the field runs against the bundle it stands in.
  var isReturning: Bool { bits & 1 != 0 }

  /// The directions of a field inside what has these.
  func inside(isReturning: Bool) -> Turns {
    var turns = self
    turns.bits = bits << 1 | (isReturning ? 1 : 0)
    return turns
  }

  /// The directions of the bundle that the field stands in.
  var outside: Turns {
    var turns = self
    turns.bits >>= 1
    return turns
  }
}
