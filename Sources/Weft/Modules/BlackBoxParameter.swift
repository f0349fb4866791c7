/// A parameter of a black box: `.P(value)`.
public struct BlackBoxParameter: Hashable, Sendable {
  /// What a parameter may be.
  public enum Value: Hashable, Sendable {
    /// A whole number.
    case integer(Int)
    /// A real number.
    case real(Double)
    /// A text.
    case string(String)
    /// Bits with their width.
    case bits(BitVector)
  }

  /// The name in Verilog.
  public var name: String
  /// The value.
  public var value: Value

  /// A parameter.
  public init(_ name: String, _ value: Value) {
    self.name = name
    self.value = value
  }
}

extension BlackBoxParameter.Value: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByStringLiteral {
  /// A whole number.
  public init(integerLiteral value: Int) { self = .integer(value) }
  /// A real number.
  public init(floatLiteral value: Double) { self = .real(value) }
  /// A text.
  public init(stringLiteral value: String) { self = .string(value) }
}
