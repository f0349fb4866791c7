import Weft

/// A port of a design's top module as the tools around it see it.
public struct BlockPort: Hashable, Sendable {
  /// The name in Verilog.
  public var name: String
  /// The number of bits.
  public var width: Int
  /// Whether the design reads it.
  public var isInput: Bool

  /// A port.
  public init(name: String, width: Int, isInput: Bool) {
    self.name = name
    self.width = width
    self.isInput = isInput
  }

  /// Whether it asks for a processor's attention, by its name.
  var isInterrupt: Bool {
    guard !isInput, width == 1 else { return false }
    return ["interrupt", "irq"].contains { name == $0 || name.hasSuffix("_" + $0) }
  }
}
