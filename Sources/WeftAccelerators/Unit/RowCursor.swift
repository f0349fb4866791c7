import Weft

/// A row of the map, the upsampled place within it, and where it lies in the ring of rows.
struct RowCursor {
  var row: Signed
  var phase: Unsigned
  var place: RowPlace

  /// The cursor as it was some clock edges ago.
  func delayed(by cycles: Int, named name: String) -> RowCursor {
    RowCursor(
      row: row.delayed(by: cycles, named: "\(name)Row"), phase: phase.delayed(by: cycles, named: "\(name)Phase"),
      place: RowPlace(
        bank: place.bank.delayed(by: cycles, named: "\(name)Bank"),
        start: place.start.delayed(by: cycles, named: "\(name)Start")))
  }

  static func select(_ condition: Bit, _ a: RowCursor, else b: RowCursor) -> RowCursor {
    RowCursor(
      row: condition.select(a.row, else: b.row), phase: condition.select(a.phase, else: b.phase),
      place: .select(condition, a.place, else: b.place))
  }
}
