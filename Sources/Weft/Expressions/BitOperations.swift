extension Bit {
  /// Whether both are one.
  public static func & (a: Bit, b: Bit) -> Bit { Bit(operand: Scope.current.bitwise(.and, a, b, signed: false)) }
  /// Whether either is one.
  public static func | (a: Bit, b: Bit) -> Bit { Bit(operand: Scope.current.bitwise(.or, a, b, signed: false)) }
  /// Whether exactly one is one.
  public static func ^ (a: Bit, b: Bit) -> Bit { Bit(operand: Scope.current.bitwise(.xor, a, b, signed: false)) }
  /// Whether the bit is zero.
  public static prefix func ! (a: Bit) -> Bit {
    let scope = Scope.current
    return Bit(operand: scope.inverted(scope.sized(a.operand, width: 1)))
  }
  /// Whether both are the same.
  public static func == (a: Bit, b: Bit) -> Bit { !(a ^ b) }
  /// Whether they differ.
  public static func != (a: Bit, b: Bit) -> Bit { a ^ b }

  /// `a` where the bit is one, else `b`; numbers of different widths give the wider one.
  public func select<T: Scalar>(_ a: T, else b: T) -> T {
    let (x, y) = T.aligned(a, b)
    let chosen = Scope.current.selection(self, x, y, signed: T.isSigned)
    return T.bind(x.signalLayout.resized(to: Scope.current.width(of: chosen)), .given([chosen]))
  }

  /// The case `a` where the bit is one, else `b`.
  public func select<E: Enumeration>(_ a: E, else b: E) -> Choice<E> { select(Choice(a), else: Choice(b)) }

  /// `a` where the bit is one, else `b`, leaf by leaf; both have one shape.
  @_disfavoredOverload
  public func select<T: Signal>(_ a: T, else b: T) -> T {
    let (layout, other) = (a.signalLayout, b.signalLayout)
    if layout != other {
      Scope.report(.width, "a selection between \(layout) and \(other), which have different shapes")
      return a
    }
    let leaves = zip(a.leaves, b.leaves).map { x, y in
      Scope.current.selection(self, Bits(operand: x), Bits(operand: y), signed: false)
    }
    return T.bind(layout, .given(leaves))
  }

  /// The bit as a number of one bit.
  public var asUnsigned: Unsigned { Unsigned(operand: operand) }
  /// The bit as bits.
  public var asBits: Bits { Bits(operand: operand) }
  /// `width` copies of the bit.
  public func repeated(_ width: Int) -> Bits { Bits(operand: Scope.current.extended(self, to: width)) }
}

extension Scope {
  fileprivate func extended(_ bit: Bit, to width: Int) -> Operand {
    operand(extended(sized(bit.operand, width: 1), to: width, signed: true))
  }
}

extension Bits {
  /// So many zeros.
  public static func zeros(_ width: Int) -> Bits {
    Bits(BitVector(zero: width))
  }
  /// A constant.
  public init(_ value: BitVector) { operand = .constant(value) }

  /// Bit by bit; both are equally wide.
  public static func & (a: Bits, b: Bits) -> Bits { Bits(operand: Scope.current.bitwise(.and, a, b, signed: false)) }
  /// Bit by bit; both are equally wide.
  public static func | (a: Bits, b: Bits) -> Bits { Bits(operand: Scope.current.bitwise(.or, a, b, signed: false)) }
  /// Bit by bit; both are equally wide.
  public static func ^ (a: Bits, b: Bits) -> Bits { Bits(operand: Scope.current.bitwise(.xor, a, b, signed: false)) }
  /// Every bit inverted.
  public static prefix func ~ (a: Bits) -> Bits { Bits(operand: Scope.current.inverted(a.operand)) }
  /// Whether all bits are the same; both are equally wide.
  public static func == (a: Bits, b: Bits) -> Bit { Scope.current.equal(a, b) }
  /// Whether some bit differs; both are equally wide.
  public static func != (a: Bits, b: Bits) -> Bit { !(a == b) }
}

/// Values beside each other, the first in the highest bits, as Verilog's `{a, b}` puts them.
public func concatenate(_ parts: any Scalar...) -> Bits {
  Bits(operand: Scope.current.concatenated(parts.reversed().map(\.operand)))
}

// MARK: - Bits of any scalar with several

/// A scalar of several bits, which can be taken apart.
public protocol BitSequence: Scalar {}

extension Bits: BitSequence {}
extension Unsigned: BitSequence {}
extension Signed: BitSequence {}

extension BitSequence {
  /// The number of bits.
  public var width: Int { Scope.current.width(of: settledOperand) }
  /// The bit at `index`, zero being the lowest.
  public subscript(index: Int) -> Bit { Bit(operand: Scope.current.bits(index..<(index + 1), of: settledOperand)) }
  /// Several bits, from the lowest of `range`.
  public subscript(range: ClosedRange<Int>) -> Bits {
    Bits(operand: Scope.current.bits(range.lowerBound..<(range.upperBound + 1), of: settledOperand))
  }
  /// Several bits, from the lowest of `range`.
  public subscript(range: Range<Int>) -> Bits { Bits(operand: Scope.current.bits(range, of: settledOperand)) }
  /// The bit at a place that the hardware computes; beyond the highest it reads zero.
  public subscript(index: Unsigned) -> Bit {
    let scope = Scope.current
    let (node, position) = (scope.node(settledOperand), scope.node(index.operand))
    return Bit(operand: scope.operand(scope.builder { $0.element(node, index: position, width: 1) }))
  }
  /// The highest bit.
  public var mostSignificantBit: Bit { self[width - 1] }
  /// Whether every bit is one.
  public var isAllOnes: Bit { Scope.current.reduction(.and, settledOperand) }
  /// Whether any bit is one.
  public var isAnySet: Bit { Scope.current.reduction(.or, settledOperand) }
  /// Whether an odd number of bits is one.
  public var parity: Bit { Scope.current.reduction(.xor, settledOperand) }
  /// The same bits.
  public var asBits: Bits { Bits(operand: operand) }
  /// The same bits as an unsigned number.
  public var asUnsigned: Unsigned { Unsigned(operand: operand) }
  /// The same bits as a number in two's complement.
  public var asSigned: Signed { Signed(operand: operand) }
}
