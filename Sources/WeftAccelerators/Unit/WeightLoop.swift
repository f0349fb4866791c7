import Weft

/// Where the loops of a unit stand that keeps the weights of a round for all columns of a group of rows.
public struct WeightLoop: Bundle {
  /// Whether the operands that are asked for are the last of a round in their column.
  public var isRoundDone: Bit
  /// Whether they belong to the last column.
  public var isLastColumn: Bit

  /// The two signals.
  public init() {
    isRoundDone = field(.bit)
    isLastColumn = field(.bit)
  }
}
