import Weft

/// A field of a register, and the key under which the hardware finds its ports: `bank[start]`.
///
/// ```swift
/// let start = RegisterField("start", .bit, .writePulse, "Starts a frame.")
/// let mode = RegisterField("mode", .choice(Mode.self), reset: .fast, "How frames are made.")
/// let scale = RegisterField("scale", .signed(8), reset: -3, "The exponent of the scale.")
/// ```
public struct RegisterField<Value: Scalar>: Hashable, Sendable {
  /// What the hardware has of it.
  public let shape: Shape<Value>
  /// The field as data; its place is known once it is in a register.
  public let field: Register.Field
}

extension RegisterField where Value.Sample == Int {
  /// A field that is a bit, bits or a number.
  ///
  /// - Parameters:
  ///   - access: What software may do with it.
  ///   - lowBit: Its lowest bit in the word; behind the field before it, unless given.
  ///   - reset: What it holds after the reset.
  ///   - values: Names for some of its values.
  ///   - description: What it means, for the people who read the header and the page.
  public init(
    _ name: String, _ shape: Shape<Value>, _ access: RegisterAccess = .readWrite, at lowBit: Int? = nil,
    reset: Int = 0, values: KeyValuePairs<String, Int> = [:], _ description: String = ""
  ) {
    self.shape = shape
    field = Register.Field(
      name: name, description: description, layout: shape.layout, access: access, reset: reset,
      values: values.map { Register.Value(name: $0, number: $1) }, placement: lowBit)
  }
}

extension RegisterField {
  /// A field that holds a case of an enumeration, under the codes of the hardware; the first case after the reset,
  /// unless another is given.
  public init<E: Enumeration>(
    _ name: String, _ shape: Shape<Value>, _ access: RegisterAccess = .readWrite, at lowBit: Int? = nil,
    reset: E? = nil, _ description: String = ""
  ) where Value == Choice<E> {
    self.shape = shape
    let first = access.isStored ? E.allCases.first : nil
    field = Register.Field(
      name: name, description: description, layout: shape.layout, access: access,
      reset: (reset ?? first)?.code.lowestNumber ?? 0,
      values: E.allCases.map { Register.Value(name: "\($0)", number: $0.code.lowestNumber) }, placement: lowBit)
  }
}

extension RegisterField where Value == Bit {
  /// An event that the hardware reports and that can interrupt software: a bit for ``Interrupts``.
  public static func interrupt(_ name: String, _ description: String = "") -> RegisterField {
    RegisterField(name, .bit, .writeOneToClear, description)
  }
}

extension BitVector {
  /// The lowest 64 bits.
  fileprivate var lowestNumber: Int { Int(truncatingIfNeeded: words.first ?? 0) }
}
