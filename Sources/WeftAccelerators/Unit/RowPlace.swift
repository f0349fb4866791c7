import Weft

/// A place among the rows of an input buffer, whose rows lie in banks by turns: the bank, and where the row begins in
/// it.
struct RowPlace {
  let bank: Unsigned
  let start: Unsigned

  /// The place `rows` further on in the ring, and one more under `carry`.
  func advanced(by rows: Int, carry: Bit = 0, in geometry: StageGeometry) -> RowPlace {
    let rows = floorDivide(rows, geometry.bufferRows).1
    let (quotient, rest) = (rows / geometry.banks, rows % geometry.banks)
    let (bank, turn) = wrapped(self.bank, adding: rest, carry: carry, limit: geometry.banks)
    let rowSize = geometry.rowSize
    let depth = geometry.bankDepth
    let width = bitsFor(2 * depth)
    let step = turn.select(
      Bits.number((quotient + 1) * rowSize, width), else: Bits.number(quotient * rowSize, width))
    let sum = start.extended(to: width) &+ step
    let isOver = sum >= Bits.number(depth, width)
    return RowPlace(
      bank: bank, start: isOver.select(sum &- Bits.number(depth, width), else: sum).truncated(to: bitsFor(depth - 1)))
  }

  /// One place or the other.
  static func select(_ condition: Bit, _ a: RowPlace, else b: RowPlace) -> RowPlace {
    RowPlace(bank: condition.select(a.bank, else: b.bank), start: condition.select(a.start, else: b.start))
  }
}
