/// A number in two's complement with a binary point: its shape says how many bits stand before the point, the sign
/// among them, and how many after it.
///
/// Arithmetic is exact and grows as that of `Signed` does, binary points aligned; `&+`, `&-` and `&*` lose what leaves
/// the bits before the point, and never a place after it. Places are given up by `rounded(toFraction:_:)` alone.
///
/// ```swift
/// let product = sample * weight                                      // Fixed(2, 14) * Fixed(1, 7) is Fixed(3, 21)
/// output <== product.rounded(toFraction: 14).saturated(toInteger: 2)
/// ```
public struct Fixed: Scalar, BitSequence, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  /// The number.
  public typealias Sample = Double
  public let operand: Operand
  /// How many bits stand after the binary point; below zero, the number is a multiple of a power of two.
  public let fractionBits: Int

  /// The bits of `number` with `fractionBits` of them after the binary point.
  public init(_ number: Signed, fractionBits: Int) {
    operand = number.operand
    self.fractionBits = fractionBits
  }

  /// A literal that takes the shape it is used at.
  public init(integerLiteral value: Int) { self.init(BinaryFraction(numerator: value, fractionBits: 0)) }
  /// A literal that takes the shape it is used at, which has to hold it exactly.
  public init(floatLiteral value: Double) { self.init(value) }

  /// A constant computed in Swift that takes the shape it is used at, which has to hold it exactly.
  public init(_ value: Double) {
    let number = BinaryFraction(value)
    if number == nil { Scope.report(.literal, "\(value) is no number that a Fixed could hold") }
    self.init(number ?? BinaryFraction(numerator: 0, fractionBits: 0))
  }

  private init(_ number: BinaryFraction) {
    operand = .literal(number.numerator, fraction: number.fractionBits)
    fractionBits = number.fractionBits
  }

  /// A constant of this shape, which has to hold it exactly; `Shape.nearest(to:)` finds what it holds.
  public init(_ value: Double, as shape: Shape<Fixed>) {
    let bits = Scope.current.sized(Fixed(value).operand, as: shape.layout)
    self.init(Signed(operand: bits), fractionBits: shape.fractionBits)
  }

  public static func bind(_ layout: Layout, _ origin: Origin) -> Fixed {
    Fixed(Signed(operand: origin.leaf(layout)), fractionBits: layout.fractionBits ?? 0)
  }

  public var signalLayout: Layout {
    if case .prototype(let layout, _) = operand { return layout }
    return .fixed(Signed(operand: operand).signalLayout.width - fractionBits, fractionBits)
  }

  public static var isSigned: Bool { true }

  /// How many bits stand before the binary point, the sign among them.
  public var integerBits: Int { width - fractionBits }
}

extension Shape where Value == Fixed {
  /// A number with `integerBits` before the binary point, the sign among them, and `fractionBits` after it; together at
  /// least one. Either may be negative: `.fixed(-2, 10)` lies between -1/8 and 1/8, `.fixed(10, -2)` counts in fours.
  public static func fixed(_ integerBits: Int, _ fractionBits: Int) -> Shape {
    Shape(.fixed(integerBits, fractionBits))
  }

  /// How many bits stand before the binary point, the sign among them.
  public var integerBits: Int { width - fractionBits }
  /// How many bits stand after the binary point.
  public var fractionBits: Int { layout.fractionBits ?? 0 }

  /// The number of this shape that is nearest to `value`, from the middle the even one: what a test bench writes and a
  /// table holds for any real number.
  public func nearest(to value: Double) -> Double {
    func scaled(_ number: Double, _ places: Int) -> Double {
      Double(sign: .plus, exponent: places, significand: number)
    }
    let limit = scaled(1, width - 1)
    let steps = scaled(value, fractionBits).rounded(.toNearestOrEven)
    return scaled(min(max(steps, -limit), limit - 1), -fractionBits)
  }
}
