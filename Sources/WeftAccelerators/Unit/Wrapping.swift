import Weft

/// `value + step`, and one more under `carry`, in a ring of `limit` numbers; and whether it went round.
///
/// `value` is below the limit, and `step` at most `limit - 1`, or `limit` without a carry.
func wrapped(_ value: Unsigned, adding step: Int, carry: Bit = 0, limit: Int) -> (value: Unsigned, carry: Bit) {
  let width = bitsFor(2 * limit)
  let sum = (value.extended(to: width) + Unsigned(step)).truncated(to: width) &+ carry.widened(to: width)
  let isOver = sum >= Unsigned(limit)
  let next = isOver.select(sum &- Unsigned(limit), else: sum)
  return (next.truncated(to: bitsFor(limit - 1)), isOver)
}

/// `value + step` in a ring of `limit` numbers, and whether it went round; both are below the limit.
func wrapped(_ value: Unsigned, adding step: Unsigned, limit: Int) -> (value: Unsigned, carry: Bit) {
  let width = bitsFor(2 * limit)
  let sum = value.extended(to: width) &+ step.extended(to: width)
  let isOver = sum >= Unsigned(limit)
  let next = isOver.select(sum &- Unsigned(limit), else: sum)
  return (next.truncated(to: bitsFor(limit - 1)), isOver)
}

extension Bit {
  /// The bit as a number of `width` bits, also where it is a literal.
  func widened(to width: Int) -> Unsigned { select(Bits.number(1, width), else: Bits.number(0, width)) }
}

extension Bits {
  /// A constant of a fixed width.
  static func number(_ value: Int, _ width: Int) -> Unsigned {
    Bits(BitVector(truncating: value, width: width)).asUnsigned
  }
}

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
