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

/// The bank `places` further on in a ring of `limit`, at most one turn.
func turned(_ bank: Unsigned, by places: Signed, limit: Int) -> Unsigned {
  let width = bitsFor(2 * limit)
  let sum = bank.extended(to: width) &+ places.asUnsigned.truncatedOrExtended(to: width)
  let limit = Bits.number(limit, width)
  return (sum >= limit).select(sum &- limit, else: sum).truncated(to: bank.width)
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

  /// A constant of a fixed width in two's complement.
  static func signed(_ value: Int, _ width: Int) -> Signed {
    Bits(BitVector(truncating: value, width: width)).asSigned
  }
}

extension Unsigned {
  /// The number in `width` bits, which hold it by construction.
  func truncatedOrExtended(to width: Int) -> Unsigned {
    self.width > width ? truncated(to: width) : extended(to: width)
  }
}
