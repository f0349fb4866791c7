/// A clock and the reset that belongs to it. Registers and memories of one domain change together.
public struct Domain: Hashable, Sendable {
  /// The edge at which registers change.
  public enum Edge: Hashable, Sendable {
    /// From zero to one.
    case rising
    /// From one to zero.
    case falling
  }

  /// When a reset acts.
  public enum ResetKind: Hashable, Sendable {
    /// At the clock's edge.
    case synchronous
    /// At once.
    case asynchronous
  }

  /// The name of the clock port.
  public var clock: String
  /// The edge at which registers change.
  public var edge: Edge
  /// The name of the reset port.
  public var reset: String
  /// When the reset acts.
  public var resetKind: ResetKind
  /// Whether the reset is active at one.
  public var isResetActiveHigh: Bool

  /// A domain; by default with a synchronous reset that is active at one.
  public init(
    clock: String, edge: Edge = .rising, reset: String, resetKind: ResetKind = .synchronous,
    isResetActiveHigh: Bool = true
  ) {
    self.clock = clock
    self.edge = edge
    self.reset = reset
    self.resetKind = resetKind
    self.isResetActiveHigh = isResetActiveHigh
  }

  /// The domain of registers that name none: ports `clock` and `reset`.
  public static let main = Domain(clock: "clock", reset: "reset")
}
