// The operators of `Signed` and `Unsigned`. They are concrete for each type, which keeps the compiler quick on long
// expressions; what they do is in `ScopeArithmetic`.

// MARK: - Signed

extension Signed {
  /// The exact sum, one bit wider than the wider operand.
  public static func + (a: Signed, b: Signed) -> Signed {
    Signed(operand: Scope.current.sum(a, b, growth: 1, signed: true))
  }
  /// The exact difference, a signed number one bit wider than the wider operand.
  public static func - (a: Signed, b: Signed) -> Signed {
    Signed(operand: Scope.current.sum(a, b, subtracts: true, growth: 1, signed: true))
  }
  /// The exact product, as wide as both operands together.
  public static func * (a: Signed, b: Signed) -> Signed { Signed(operand: Scope.current.product(a, b, signed: true)) }
  /// The sum in the wider operand's width; a carry is lost.
  public static func &+ (a: Signed, b: Signed) -> Signed {
    Signed(operand: Scope.current.sum(a, b, growth: 0, signed: true))
  }
  /// The difference in the wider operand's width; a borrow is lost.
  public static func &- (a: Signed, b: Signed) -> Signed {
    Signed(operand: Scope.current.sum(a, b, subtracts: true, growth: 0, signed: true))
  }
  /// The low bits of the product, as many as the wider operand has.
  public static func &* (a: Signed, b: Signed) -> Signed {
    Signed(operand: Scope.current.wrappingProduct(a, b, signed: true))
  }

  /// Whether both are the same number.
  public static func == (a: Signed, b: Signed) -> Bit { Scope.current.comparison(.equal, a, b, signed: true) }
  /// Whether the numbers differ.
  public static func != (a: Signed, b: Signed) -> Bit { !(a == b) }
  /// Whether `a` is less than `b`.
  public static func < (a: Signed, b: Signed) -> Bit { Scope.current.comparison(.lessSigned, a, b, signed: true) }
  /// Whether `a` is greater than `b`.
  public static func > (a: Signed, b: Signed) -> Bit { b < a }
  /// Whether `a` is at most `b`.
  public static func <= (a: Signed, b: Signed) -> Bit { !(b < a) }
  /// Whether `a` is at least `b`.
  public static func >= (a: Signed, b: Signed) -> Bit { !(a < b) }

  /// Bit by bit; both are equally wide.
  public static func & (a: Signed, b: Signed) -> Signed {
    Signed(operand: Scope.current.bitwise(.and, a, b, signed: true))
  }
  /// Bit by bit; both are equally wide.
  public static func | (a: Signed, b: Signed) -> Signed {
    Signed(operand: Scope.current.bitwise(.or, a, b, signed: true))
  }
  /// Bit by bit; both are equally wide.
  public static func ^ (a: Signed, b: Signed) -> Signed {
    Signed(operand: Scope.current.bitwise(.xor, a, b, signed: true))
  }
  /// Every bit inverted.
  public static prefix func ~ (a: Signed) -> Signed { Signed(operand: Scope.current.inverted(a.operand)) }
  /// Two to the power of `places` times as much: that many bits wider.
  public static func << (a: Signed, places: Int) -> Signed {
    places < 1 ? a : Signed(operand: Scope.current.concatenated([Bits.zeros(places).operand, a.settledOperand]))
  }
  /// The number without its `places` lowest bits: rounded down, that many bits narrower, at least one.
  public static func >> (a: Signed, places: Int) -> Signed {
    let width = a.width
    let low = min(max(places, 0), width - 1)
    return Signed(operand: Scope.current.bits(low..<width, of: a.settledOperand))
  }
  /// Moved up by a number of places; the width stays and what leaves it is lost.
  public static func &<< (a: Signed, places: Unsigned) -> Signed {
    Signed(operand: Scope.current.shifted(.left, a.operand, by: places))
  }
  /// Moved down by a number of places, rounded down; the width stays.
  public static func &>> (a: Signed, places: Unsigned) -> Signed {
    Signed(operand: Scope.current.shifted(.rightArithmetic, a.operand, by: places))
  }
}

// MARK: - Unsigned

extension Unsigned {
  /// The exact sum, one bit wider than the wider operand.
  public static func + (a: Unsigned, b: Unsigned) -> Unsigned {
    Unsigned(operand: Scope.current.sum(a, b, growth: 1, signed: false))
  }
  /// The exact difference, a signed number one bit wider than the wider operand.
  public static func - (a: Unsigned, b: Unsigned) -> Signed {
    Signed(operand: Scope.current.sum(a, b, subtracts: true, growth: 1, signed: false))
  }
  /// The exact product, as wide as both operands together.
  public static func * (a: Unsigned, b: Unsigned) -> Unsigned {
    Unsigned(operand: Scope.current.product(a, b, signed: false))
  }
  /// The sum in the wider operand's width; a carry is lost.
  public static func &+ (a: Unsigned, b: Unsigned) -> Unsigned {
    Unsigned(operand: Scope.current.sum(a, b, growth: 0, signed: false))
  }
  /// The difference in the wider operand's width; a borrow is lost.
  public static func &- (a: Unsigned, b: Unsigned) -> Unsigned {
    Unsigned(operand: Scope.current.sum(a, b, subtracts: true, growth: 0, signed: false))
  }
  /// The low bits of the product, as many as the wider operand has.
  public static func &* (a: Unsigned, b: Unsigned) -> Unsigned {
    Unsigned(operand: Scope.current.wrappingProduct(a, b, signed: false))
  }

  /// Whether both are the same number.
  public static func == (a: Unsigned, b: Unsigned) -> Bit { Scope.current.comparison(.equal, a, b, signed: false) }
  /// Whether the numbers differ.
  public static func != (a: Unsigned, b: Unsigned) -> Bit { !(a == b) }
  /// Whether `a` is less than `b`.
  public static func < (a: Unsigned, b: Unsigned) -> Bit { Scope.current.comparison(.less, a, b, signed: false) }
  /// Whether `a` is greater than `b`.
  public static func > (a: Unsigned, b: Unsigned) -> Bit { b < a }
  /// Whether `a` is at most `b`.
  public static func <= (a: Unsigned, b: Unsigned) -> Bit { !(b < a) }
  /// Whether `a` is at least `b`.
  public static func >= (a: Unsigned, b: Unsigned) -> Bit { !(a < b) }

  /// Bit by bit; both are equally wide.
  public static func & (a: Unsigned, b: Unsigned) -> Unsigned {
    Unsigned(operand: Scope.current.bitwise(.and, a, b, signed: false))
  }
  /// Bit by bit; both are equally wide.
  public static func | (a: Unsigned, b: Unsigned) -> Unsigned {
    Unsigned(operand: Scope.current.bitwise(.or, a, b, signed: false))
  }
  /// Bit by bit; both are equally wide.
  public static func ^ (a: Unsigned, b: Unsigned) -> Unsigned {
    Unsigned(operand: Scope.current.bitwise(.xor, a, b, signed: false))
  }
  /// Every bit inverted.
  public static prefix func ~ (a: Unsigned) -> Unsigned { Unsigned(operand: Scope.current.inverted(a.operand)) }
  /// Two to the power of `places` times as much: that many bits wider.
  public static func << (a: Unsigned, places: Int) -> Unsigned {
    places < 1 ? a : Unsigned(operand: Scope.current.concatenated([Bits.zeros(places).operand, a.settledOperand]))
  }
  /// The number without its `places` lowest bits: rounded down, that many bits narrower, at least one.
  public static func >> (a: Unsigned, places: Int) -> Unsigned {
    let width = a.width
    let low = min(max(places, 0), width - 1)
    if places >= width { return Unsigned(operand: Bits.zeros(1).operand) }
    return Unsigned(operand: Scope.current.bits(low..<width, of: a.settledOperand))
  }
  /// Moved up by a number of places; the width stays and what leaves it is lost.
  public static func &<< (a: Unsigned, places: Unsigned) -> Unsigned {
    Unsigned(operand: Scope.current.shifted(.left, a.operand, by: places))
  }
  /// Moved down by a number of places, rounded down; the width stays.
  public static func &>> (a: Unsigned, places: Unsigned) -> Unsigned {
    Unsigned(operand: Scope.current.shifted(.right, a.operand, by: places))
  }
}

extension Signed {
  /// The negative, one bit wider.
  public static prefix func - (a: Signed) -> Signed { Signed(0) - a }
}

// MARK: - What does not mix

extension Signed {
  @available(*, unavailable, message: "Signed and Unsigned do not mix: convert one, with `.asSigned` or `.asUnsigned`")
  public static func + (a: Signed, b: Unsigned) -> Signed { preconditionFailure("unavailable") }
  @available(*, unavailable, message: "Signed and Unsigned do not mix: convert one, with `.asSigned` or `.asUnsigned`")
  public static func - (a: Signed, b: Unsigned) -> Signed { preconditionFailure("unavailable") }
  @available(*, unavailable, message: "Signed and Unsigned do not mix: convert one, with `.asSigned` or `.asUnsigned`")
  public static func * (a: Signed, b: Unsigned) -> Signed { preconditionFailure("unavailable") }
  @available(*, unavailable, message: "Signed and Unsigned do not mix: convert one, with `.asSigned` or `.asUnsigned`")
  public static func == (a: Signed, b: Unsigned) -> Bit { preconditionFailure("unavailable") }
  @available(*, unavailable, message: "Signed and Unsigned do not mix: convert one, with `.asSigned` or `.asUnsigned`")
  public static func != (a: Signed, b: Unsigned) -> Bit { preconditionFailure("unavailable") }
  @available(*, unavailable, message: "Signed and Unsigned do not mix: convert one, with `.asSigned` or `.asUnsigned`")
  public static func < (a: Signed, b: Unsigned) -> Bit { preconditionFailure("unavailable") }
  @available(*, unavailable, message: "Signed and Unsigned do not mix: convert one, with `.asSigned` or `.asUnsigned`")
  public static func > (a: Signed, b: Unsigned) -> Bit { preconditionFailure("unavailable") }
  @available(*, unavailable, message: "Signed and Unsigned do not mix: convert one, with `.asSigned` or `.asUnsigned`")
  public static func <= (a: Signed, b: Unsigned) -> Bit { preconditionFailure("unavailable") }
  @available(*, unavailable, message: "Signed and Unsigned do not mix: convert one, with `.asSigned` or `.asUnsigned`")
  public static func >= (a: Signed, b: Unsigned) -> Bit { preconditionFailure("unavailable") }
}

extension Unsigned {
  @available(*, unavailable, message: "Unsigned and Signed do not mix: convert one, with `.asSigned` or `.asUnsigned`")
  public static func + (a: Unsigned, b: Signed) -> Unsigned { preconditionFailure("unavailable") }
  @available(*, unavailable, message: "Unsigned and Signed do not mix: convert one, with `.asSigned` or `.asUnsigned`")
  public static func - (a: Unsigned, b: Signed) -> Unsigned { preconditionFailure("unavailable") }
  @available(*, unavailable, message: "Unsigned and Signed do not mix: convert one, with `.asSigned` or `.asUnsigned`")
  public static func * (a: Unsigned, b: Signed) -> Unsigned { preconditionFailure("unavailable") }
  @available(*, unavailable, message: "Unsigned and Signed do not mix: convert one, with `.asSigned` or `.asUnsigned`")
  public static func == (a: Unsigned, b: Signed) -> Bit { preconditionFailure("unavailable") }
  @available(*, unavailable, message: "Unsigned and Signed do not mix: convert one, with `.asSigned` or `.asUnsigned`")
  public static func != (a: Unsigned, b: Signed) -> Bit { preconditionFailure("unavailable") }
  @available(*, unavailable, message: "Unsigned and Signed do not mix: convert one, with `.asSigned` or `.asUnsigned`")
  public static func < (a: Unsigned, b: Signed) -> Bit { preconditionFailure("unavailable") }
  @available(*, unavailable, message: "Unsigned and Signed do not mix: convert one, with `.asSigned` or `.asUnsigned`")
  public static func > (a: Unsigned, b: Signed) -> Bit { preconditionFailure("unavailable") }
  @available(*, unavailable, message: "Unsigned and Signed do not mix: convert one, with `.asSigned` or `.asUnsigned`")
  public static func <= (a: Unsigned, b: Signed) -> Bit { preconditionFailure("unavailable") }
  @available(*, unavailable, message: "Unsigned and Signed do not mix: convert one, with `.asSigned` or `.asUnsigned`")
  public static func >= (a: Unsigned, b: Signed) -> Bit { preconditionFailure("unavailable") }
}

extension Signed {
  @_disfavoredOverload
  @available(*, unavailable, message: "a Swift number here needs `Signed(number)`")
  public static func + (a: Signed, b: Int) -> Signed { preconditionFailure("unavailable") }
  @_disfavoredOverload
  @available(*, unavailable, message: "a Swift number here needs `Signed(number)`")
  public static func - (a: Signed, b: Int) -> Signed { preconditionFailure("unavailable") }
  @_disfavoredOverload
  @available(*, unavailable, message: "a Swift number here needs `Signed(number)`")
  public static func * (a: Signed, b: Int) -> Signed { preconditionFailure("unavailable") }
  @_disfavoredOverload
  @available(*, unavailable, message: "a Swift number here needs `Signed(number)`")
  public static func == (a: Signed, b: Int) -> Bit { preconditionFailure("unavailable") }
  @_disfavoredOverload
  @available(*, unavailable, message: "a Swift number here needs `Signed(number)`")
  public static func < (a: Signed, b: Int) -> Bit { preconditionFailure("unavailable") }
}

extension Unsigned {
  @_disfavoredOverload
  @available(*, unavailable, message: "a Swift number here needs `Unsigned(number)`")
  public static func + (a: Unsigned, b: Int) -> Unsigned { preconditionFailure("unavailable") }
  @_disfavoredOverload
  @available(*, unavailable, message: "a Swift number here needs `Unsigned(number)`")
  public static func - (a: Unsigned, b: Int) -> Signed { preconditionFailure("unavailable") }
  @_disfavoredOverload
  @available(*, unavailable, message: "a Swift number here needs `Unsigned(number)`")
  public static func * (a: Unsigned, b: Int) -> Unsigned { preconditionFailure("unavailable") }
  @_disfavoredOverload
  @available(*, unavailable, message: "a Swift number here needs `Unsigned(number)`")
  public static func == (a: Unsigned, b: Int) -> Bit { preconditionFailure("unavailable") }
  @_disfavoredOverload
  @available(*, unavailable, message: "a Swift number here needs `Unsigned(number)`")
  public static func < (a: Unsigned, b: Int) -> Bit { preconditionFailure("unavailable") }
}

extension Bit {
  @available(*, unavailable, message: "hardware conditions use `&`")
  public static func && (a: Bit, b: Bit) -> Bit { preconditionFailure("unavailable") }
  @available(*, unavailable, message: "hardware conditions use `|`")
  public static func || (a: Bit, b: Bit) -> Bit { preconditionFailure("unavailable") }
}
