/// How far a simulation has come.
public struct RunProgress: Hashable, Sendable {
  /// Cycles since the run began.
  public var cycles: Int
  /// Elements of the outputs that came, and how many will.
  public var received, expected: Int
}
