/// An output of a grid that takes nothing for a while.
public struct OutputStall: Hashable, Sendable {
  /// The position of the output among those of the network.
  public var output: Int
  /// The cycles in which it takes nothing, counted from the first after reset.
  public var cycles: Range<Int>

  /// A stall of an output.
  public init(output: Int, during cycles: Range<Int>) {
    self.output = output
    self.cycles = cycles
  }
}
