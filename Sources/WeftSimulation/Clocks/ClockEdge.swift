/// What one clock port does at a moment.
public struct ClockEdge: Hashable, Sendable {
  /// The clock port of the top module.
  public var clock: String
  /// Whether it rises; else it falls.
  public var isRising: Bool
}
