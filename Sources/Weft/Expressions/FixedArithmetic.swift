/// The operators of `Fixed`: those of `Signed`, once both numbers count in the same unit.
extension Fixed {
  /// Both numbers as multiples of the finer unit; a literal counts in the other's.
  private static func inOneUnit(_ a: Fixed, _ b: Fixed) -> (Signed, Signed, fractionBits: Int) {
    let places =
      switch (a.operand.isLiteral, b.operand.isLiteral) {
      case (true, false): b.fractionBits
      case (false, true): a.fractionBits
      default: max(a.fractionBits, b.fractionBits)
      }
    return (a.counted(in: places, like: b), b.counted(in: places, like: a), places)
  }

  /// The number as a multiple of two to the power of minus `places`; a literal has the shape of `other`.
  private func counted(in places: Int, like other: Fixed) -> Signed {
    if operand.isLiteral {
      let shape = other.operand.isLiteral ? signalLayout.extended(toFraction: places) : other.signalLayout
      return Signed(operand: Scope.current.sized(operand, as: shape))
    }
    return asSigned << (places - fractionBits)
  }

  /// The number with bits of its own.
  private var settled: Signed { Signed(operand: settledOperand) }

  /// Both in the finer unit.
  public static func aligned(_ a: Fixed, _ b: Fixed) -> (Fixed, Fixed) {
    let (x, y, places) = inOneUnit(a, b)
    return (Fixed(x, fractionBits: places), Fixed(y, fractionBits: places))
  }

  /// The exact sum: the finer fraction, and one bit before the point more than the longer operand has.
  public static func + (a: Fixed, b: Fixed) -> Fixed {
    let (x, y, places) = inOneUnit(a, b)
    return Fixed(x + y, fractionBits: places)
  }
  /// The exact difference: the finer fraction, and one bit before the point more than the longer operand has.
  public static func - (a: Fixed, b: Fixed) -> Fixed {
    let (x, y, places) = inOneUnit(a, b)
    return Fixed(x - y, fractionBits: places)
  }
  /// The exact product: as many bits before and after the point as both operands together.
  public static func * (a: Fixed, b: Fixed) -> Fixed {
    let (x, y) = (a.settled, b.settled)
    return Fixed(x * y, fractionBits: a.fractionBits + b.fractionBits)
  }
  /// The sum with the finer fraction and the longer operand's bits before the point; a carry is lost.
  public static func &+ (a: Fixed, b: Fixed) -> Fixed {
    let (x, y, places) = inOneUnit(a, b)
    return Fixed(x &+ y, fractionBits: places)
  }
  /// The difference with the finer fraction and the longer operand's bits before the point; a borrow is lost.
  public static func &- (a: Fixed, b: Fixed) -> Fixed {
    let (x, y, places) = inOneUnit(a, b)
    return Fixed(x &- y, fractionBits: places)
  }
  /// The product with both fractions together and the longer operand's bits before the point; those above are lost.
  public static func &* (a: Fixed, b: Fixed) -> Fixed {
    (a * b).truncated(toInteger: max(a.signalLayout.integerBits, b.signalLayout.integerBits))
  }
  /// The negative, with one bit before the point more.
  public static prefix func - (a: Fixed) -> Fixed { Fixed(-a.settled, fractionBits: a.fractionBits) }

  /// Whether both are the same number.
  public static func == (a: Fixed, b: Fixed) -> Bit {
    let (x, y, _) = inOneUnit(a, b)
    return x == y
  }
  /// Whether the numbers differ.
  public static func != (a: Fixed, b: Fixed) -> Bit { !(a == b) }
  /// Whether `a` is less than `b`.
  public static func < (a: Fixed, b: Fixed) -> Bit {
    let (x, y, _) = inOneUnit(a, b)
    return x < y
  }
  /// Whether `a` is greater than `b`.
  public static func > (a: Fixed, b: Fixed) -> Bit { b < a }
  /// Whether `a` is at most `b`.
  public static func <= (a: Fixed, b: Fixed) -> Bit { !(b < a) }
  /// Whether `a` is at least `b`.
  public static func >= (a: Fixed, b: Fixed) -> Bit { !(a < b) }

  /// Two to the power of `exponent` times as much: the same bits, with the binary point moved.
  public func scaled(byPowerOfTwo exponent: Int) -> Fixed { Fixed(settled, fractionBits: fractionBits - exponent) }
}

// MARK: - Other shapes

extension Fixed {
  /// The number with `places` bits after the binary point: rounded where those are fewer, which takes one bit more
  /// before the point unless the rule cannot reach beyond the number, else the same number.
  public func rounded(toFraction places: Int, _ rule: RoundingRule = .toNearestOrEven) -> Fixed {
    let dropped = fractionBits - places
    if dropped <= 0 { return Fixed(settled << -dropped, fractionBits: places) }
    return Fixed(settled.rounded(by: dropped, rule), fractionBits: places)
  }

  /// The number with `integers` bits before the binary point, or the nearest that those hold.
  public func saturated(toInteger integers: Int) -> Fixed { withInteger(integers) { $0.saturated(to: $1) } }

  /// The number with the `integers` lowest of the bits before the binary point; those above are lost.
  public func truncated(toInteger integers: Int) -> Fixed {
    withInteger(integers) { $1 < $0.width ? $0.truncated(to: $1) : $0.extended(to: $1) }
  }

  private func withInteger(_ integers: Int, _ resized: (Signed, Int) -> Signed) -> Fixed {
    let width = integers + fractionBits
    if width < 1 {
      Scope.report(
        .width, "a Fixed with \(integers) bits before the point and \(fractionBits) after it has no bits at all")
    }
    return Fixed(resized(settled, max(1, width)), fractionBits: fractionBits)
  }

  /// The same number in a shape that has at least as many bits before and after the binary point.
  public func extended(to shape: Shape<Fixed>) -> Fixed {
    let own = signalLayout
    guard shape.integerBits >= own.integerBits, shape.fractionBits >= fractionBits else {
      Scope.report(
        .width,
        "a \(own) cannot be extended to \(shape); use `.rounded(toFraction:)`, `.saturated(toInteger:)` or "
          + "`.truncated(toInteger:)`")
      return Fixed(Signed(operand: .constant(BitVector(zero: max(1, shape.width)))), fractionBits: shape.fractionBits)
    }
    let number = settled << (shape.fractionBits - fractionBits)
    return Fixed(number.extended(to: shape.width), fractionBits: shape.fractionBits)
  }
}

extension BitSequence {
  /// The same bits as a number in two's complement of which `fractionBits` stand after the binary point.
  public func asFixed(fractionBits: Int) -> Fixed { Fixed(asSigned, fractionBits: fractionBits) }
}

extension Collection where Element == Fixed {
  /// The exact sum, through a balanced tree of adders; of nothing, zero.
  public func sum() -> Fixed { isEmpty ? 0 : reduceTree(+) }
}

extension Layout {
  /// The bits before the binary point of a fixed-point number.
  fileprivate var integerBits: Int { width - (fractionBits ?? 0) }

  /// A fixed-point layout with at least `places` bits after the binary point.
  fileprivate func extended(toFraction places: Int) -> Layout { .fixed(integerBits, max(places, fractionBits ?? 0)) }

  /// How a fixed-point value of layout `other` becomes one of this layout, for a message.
  func cure(for other: Layout) -> String {
    guard case .fixed(let integer, let fraction) = self, case .fixed(let otherInteger, let otherFraction) = other else {
      return "vectors are connected that have equally many elements of one shape"
    }
    var steps: [String] = []
    if otherFraction > fraction { steps.append("`.rounded(toFraction: \(fraction))`") }
    if otherInteger + (otherFraction > fraction ? 1 : 0) > integer {
      steps.append("`.saturated(toInteger: \(integer))`")
    }
    if otherFraction < fraction || steps.isEmpty { steps.append("`.extended(to: .fixed(\(integer), \(fraction)))`") }
    return "say what is meant with " + steps.joined(separator: " and ")
  }
}
