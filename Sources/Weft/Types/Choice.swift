/// A Swift enumeration whose cases a signal can take: `enum State: Enumeration { case idle, run }`.
public protocol Enumeration: CaseIterable, Hashable, Sendable {
  /// How the cases become bits; binary in order of declaration unless the type says otherwise.
  static var encoding: EnumerationEncoding { get }
}

/// How the cases of an enumeration become bits.
public enum EnumerationEncoding: Hashable, Sendable {
  /// Numbers from zero up.
  case binary
  /// One bit a case.
  case oneHot
  /// Numbers whose neighbours differ in one bit.
  case gray
}

extension Enumeration {
  /// Binary.
  public static var encoding: EnumerationEncoding { .binary }

  /// The number of bits of a code.
  static var codeWidth: Int {
    let count = allCases.count
    return encoding == .oneHot ? max(1, count) : max(1, Int.bitWidth - max(0, count - 1).leadingZeroBitCount)
  }

  /// The code of the case at `position` among all cases.
  static func code(at position: Int) -> BitVector {
    switch encoding {
    case .binary: return BitVector(truncating: position, width: codeWidth)
    case .gray: return BitVector(truncating: position ^ position >> 1, width: codeWidth)
    case .oneHot:
      var code = BitVector(zero: codeWidth)
      code[position] = true
      return code
    }
  }

  /// The bits of this case.
  public var code: BitVector {
    Self.code(at: Self.allCases.enumerated().first { $0.element == self }?.offset ?? 0)
  }

  /// The case with these bits, or `nil` where no case has them.
  public static func value(ofCode code: BitVector) -> Self? {
    allCases.enumerated().first { Self.code(at: $0.offset) == code }?.element
  }

  static var layout: Layout.ChoiceLayout {
    Layout.ChoiceLayout(
      name: "\(Self.self)", width: codeWidth,
      cases: allCases.enumerated().map { .init(name: "\($0.element)", code: code(at: $0.offset)) })
  }
}

/// A signal that holds one case of an enumeration.
public struct Choice<E: Enumeration>: PlainScalar {
  /// The case.
  public typealias Sample = E
  public let operand: Operand
  public init(operand: Operand) { self.operand = operand }
  /// The constant `value`.
  public init(_ value: E) { operand = .constant(value.code) }
  public static func layout(width: Int) -> Layout { .choice(E.layout) }

  /// Whether the signal holds `value`.
  public static func == (signal: Choice, value: E) -> Bit { signal == Choice(value) }
  /// Whether the signal holds another case than `value`.
  public static func != (signal: Choice, value: E) -> Bit { signal != Choice(value) }
  /// Whether both hold the same case.
  public static func == (a: Choice, b: Choice) -> Bit { Scope.current.equal(a, b) }
  /// Whether both hold different cases.
  public static func != (a: Choice, b: Choice) -> Bit { !(a == b) }
  /// The code.
  public var asBits: Bits { Bits(operand: operand) }
}
