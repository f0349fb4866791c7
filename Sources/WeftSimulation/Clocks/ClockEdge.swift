/// What one clock port does at a moment.
public struct ClockEdge: Hashable, Sendable {
  /// The clock port of the top module.
  public var clock: String
  /// Whether it rises; else it falls.
  public var isRising: Bool

  /// What the clock at a port does.
  package init(_ clock: String, isRising: Bool) {
    self.clock = clock
    self.isRising = isRising
  }
}
