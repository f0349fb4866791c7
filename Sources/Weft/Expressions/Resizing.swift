/// How bits below the last place are taken into account.
public enum RoundingRule: Hashable, Sendable {
  /// Towards the number below: the bits are dropped.
  case down
  /// Towards the number above.
  case up
  /// Towards zero.
  case towardZero
  /// To the nearest number; from the middle to the even one.
  case toNearestOrEven
  /// To the nearest number; from the middle to the one above.
  case toNearestOrUp
  /// To the nearest number; from the middle to the one farther from zero.
  case toNearestOrAwayFromZero
}

extension Unsigned {
  /// The same number in `width` bits, which are at least as many as it has.
  public func extended(to width: Int) -> Unsigned {
    Unsigned(operand: Scope.current.widened(self, to: width, signed: false))
  }
  /// The `width` lowest bits; those above are lost.
  public func truncated(to width: Int) -> Unsigned { Unsigned(operand: Scope.current.narrowed(self, to: width)) }
  /// The number in `width` bits, or the largest that they hold.
  public func saturated(to width: Int) -> Unsigned {
    let own = self.width
    if width >= own { return extended(to: width) }
    let limit = Unsigned(operand: .constant(BitVector(ones: width)))
    return self[width..<own].isAnySet.select(limit, else: truncated(to: width))
  }
  /// The number divided by two to the power of `places`, rounded; it has at most as many bits.
  public func rounded(by places: Int, _ rule: RoundingRule = .toNearestOrEven) -> Unsigned {
    Scope.current.rounded(concatenate(Bit(0).sizedBit, self).asSigned, by: places, rule).asUnsigned
  }
  /// The same number with a sign, one bit wider.
  public var extendedToSigned: Signed { concatenate(Bit(0).sizedBit, self).asSigned }
}

extension Signed {
  /// The same number in `width` bits, which are at least as many as it has.
  public func extended(to width: Int) -> Signed {
    Signed(operand: Scope.current.widened(self, to: width, signed: true))
  }
  /// The `width` lowest bits; those above are lost.
  public func truncated(to width: Int) -> Signed { Signed(operand: Scope.current.narrowed(self, to: width)) }
  /// The number in `width` bits, or the nearest that they hold.
  public func saturated(to width: Int) -> Signed {
    let own = self.width
    if width >= own { return extended(to: width) }
    let top = self[(width - 1)..<own]
    let fits = top.isAllOnes | !top.isAnySet
    let limit = concatenate(mostSignificantBit, (!mostSignificantBit).repeated(max(1, width - 1))).asSigned
    let limited = width == 1 ? Signed(operand: mostSignificantBit.operand) : limit
    return fits.select(truncated(to: width), else: limited)
  }
  /// The number divided by two to the power of `places`, rounded; it has at most as many bits.
  public func rounded(by places: Int, _ rule: RoundingRule = .toNearestOrEven) -> Signed {
    Scope.current.rounded(self, by: places, rule)
  }
}

extension Bits {
  /// The bits with zeros above.
  public func extended(to width: Int) -> Bits { Bits(operand: Scope.current.widened(self, to: width, signed: false)) }
  /// The `width` lowest bits.
  public func truncated(to width: Int) -> Bits { Bits(operand: Scope.current.narrowed(self, to: width)) }
}

extension Bit {
  /// The bit as a value of one bit, also where it is a literal.
  fileprivate var sizedBit: Bit { Bit(operand: Scope.current.sized(operand, width: 1)) }
}

extension Scope {
  fileprivate func widened<T: Scalar>(_ value: T, to width: Int, signed: Bool) -> Operand {
    if case .literal = value.operand { return sized(value.operand, width: max(1, width), signed: signed) }
    let own = self.width(of: value.operand)
    guard width >= own else {
      report(
        .width,
        "a value of \(own) bits cannot be extended to \(width); use `.truncated(to:)` or `.saturated(to:)`")
      return slice(node(value.operand), low: 0, width: max(1, width))
    }
    return operand(extended(value.operand, to: width, signed: signed))
  }

  fileprivate func narrowed<T: Scalar>(_ value: T, to width: Int) -> Operand {
    if case .literal(let number, _) = value.operand {
      return .constant(BitVector(truncating: number, width: max(1, width)))
    }
    let own = self.width(of: value.operand)
    guard width >= 1, width <= own else {
      report(.width, "a value of \(own) bits cannot be truncated to \(width); use `.extended(to:)`")
      return .constant(BitVector(zero: max(1, width)))
    }
    return slice(node(value.operand), low: 0, width: width)
  }

  fileprivate func rounded(_ value: Signed, by places: Int, _ rule: RoundingRule) -> Signed {
    let own = value.width
    if places <= 0 { return value }
    let wide = value.extended(to: max(own, places + 1))
    let floor = wide >> places
    let half = wide[places - 1]
    var isAboveHalf: Bit { places > 1 ? wide[0..<(places - 1)].isAnySet : 0 }
    let up: Bit
    switch rule {
    case .down: return floor
    case .up: up = wide[0..<places].isAnySet
    case .towardZero:
      let isCut = wide.mostSignificantBit & wide[0..<places].isAnySet
      return floor &+ isCut.asUnsigned.extended(to: floor.width).asSigned
    case .toNearestOrUp: up = half
    case .toNearestOrEven: up = half & (isAboveHalf | floor[0])
    case .toNearestOrAwayFromZero: up = half & (isAboveHalf | !wide.mostSignificantBit)
    }
    let width = floor.width + 1
    return floor.extended(to: width) &+ up.asUnsigned.extended(to: width).asSigned
  }
}
