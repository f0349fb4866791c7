/// What passed in one direction of an AXI bus, and what had to wait.
public struct AXITraffic: Hashable, Sendable {
  /// The bursts that ended.
  public var bursts = 0
  /// The beats that were taken.
  public var beats = 0
  /// The bytes that were read, or written under strobes.
  public var bytes = 0
  /// The cycles in which an address was offered that was not taken.
  public var addressWaits = 0
  /// The cycles in which a beat was offered that was not taken.
  public var beatWaits = 0
  /// The cycles in which the response to a write was offered that was not taken.
  public var responseWaits = 0
}
