import Weft

/// A column of the map, the upsampled place within it, and where it lies: columns lie in banks by turns.
struct ColumnCursor {
  var column: Signed
  var phase: Unsigned
  var bank: Unsigned
  /// Its first word in a row of its bank.
  var start: Signed

  static func select(_ condition: Bit, _ a: ColumnCursor, else b: ColumnCursor) -> ColumnCursor {
    ColumnCursor(
      column: condition.select(a.column, else: b.column), phase: condition.select(a.phase, else: b.phase),
      bank: condition.select(a.bank, else: b.bank), start: condition.select(a.start, else: b.start))
  }
}
