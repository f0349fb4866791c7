/// One bit.
public struct Bit: PlainScalar, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
  /// Zero or one.
  public typealias Sample = Int
  public let operand: Operand
  public init(operand: Operand) { self.operand = operand }
  /// Zero or one.
  public init(integerLiteral value: Int) { operand = .literal(value) }
  /// One for `true`.
  public init(booleanLiteral value: Bool) { operand = .literal(value ? 1 : 0) }
  /// One for `true`: a constant computed in Swift.
  public init(_ value: Bool) { operand = .literal(value ? 1 : 0) }
  public static func layout(width: Int) -> Layout { .bit }
}

/// Bits that are no number: they can be sliced, joined, compared and combined, not added.
public struct Bits: PlainScalar, ExpressibleByIntegerLiteral {
  /// The bits as a number.
  public typealias Sample = Int
  public let operand: Operand
  public init(operand: Operand) { self.operand = operand }
  /// A literal that takes the width it is used at.
  public init(integerLiteral value: Int) { operand = .literal(value) }
  /// A constant computed in Swift that takes the width it is used at.
  public init(_ value: Int) { operand = .literal(value) }
  public static func layout(width: Int) -> Layout { .bits(width) }
}

/// An unsigned number. Arithmetic grows exactly; `&+`, `&-` and `&*` wrap.
public struct Unsigned: PlainScalar, ExpressibleByIntegerLiteral {
  /// The number.
  public typealias Sample = Int
  public let operand: Operand
  public init(operand: Operand) { self.operand = operand }
  /// A literal that takes the width it is used at.
  public init(integerLiteral value: Int) { operand = .literal(value) }
  /// A constant computed in Swift that takes the width it is used at.
  public init(_ value: Int) { operand = .literal(value) }
  public static func layout(width: Int) -> Layout { .unsigned(width) }
}

/// A number in two's complement. Arithmetic grows exactly; `&+`, `&-` and `&*` wrap.
public struct Signed: PlainScalar, ExpressibleByIntegerLiteral {
  /// The number.
  public typealias Sample = Int
  public let operand: Operand
  public init(operand: Operand) { self.operand = operand }
  /// A literal that takes the width it is used at.
  public init(integerLiteral value: Int) { operand = .literal(value) }
  /// A constant computed in Swift that takes the width it is used at.
  public init(_ value: Int) { operand = .literal(value) }
  public static var isSigned: Bool { true }
  public static func layout(width: Int) -> Layout { .signed(width) }
}
