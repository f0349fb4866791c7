// Constants compute outside any module's body as signals do inside one, by the same operators: widths grow, wrap, round
// and saturate alike, so that a test bench or a reference model says the same as the hardware.
//
//     let product = Signed(-5, width: 4) * Signed(7, width: 4)
//     product.width          // 8
//     product.constant       // -35

extension Unsigned {
  /// The constant `value` in `width` bits, which have to hold it.
  public init(_ value: Int, width: Int) { operand = Scope.current.constant(value, as: .unsigned(width)) }
}

extension Signed {
  /// The constant `value` in two's complement of `width` bits, which have to hold it.
  public init(_ value: Int, width: Int) { operand = Scope.current.constant(value, as: .signed(width)) }
}

extension Bits {
  /// The constant `value` in `width` bits, which have to hold it.
  public init(_ value: Int, width: Int) { operand = Scope.current.constant(value, as: .bits(width)) }
}

extension Scope {
  fileprivate func constant(_ value: Int, as layout: Layout) -> Operand {
    if let problem = layout.problem { report(.width, "a constant is asked for as \(problem)") }
    return sized(.literal(value), as: layout.repaired)
  }
}

extension Scalar {
  /// The bits, where the value is a constant, a literal in the least bits that hold it; `nil` for a signal, which only
  /// the hardware knows.
  public var constantBits: BitVector? {
    switch operand {
    case .constant(let value): return value
    case .node(let node, _, _): return Scope.currentOrNil?.builder { $0.constant(of: node) }
    case .literal(let value, _): return BitVector(truncating: value, width: signalLayout.width)
    case .prototype: return nil
    }
  }
}

extension Scalar where Sample == Int {
  /// The number, where the value is a constant; `nil` for a signal, and for a number beyond 64 bits.
  public var constant: Int? { constantBits.flatMap { Self.isSigned ? $0.signedValue : $0.unsignedValue } }
}

extension Fixed {
  /// The number, where the value is a constant, or the nearest that a `Double` holds; `nil` for a signal.
  public var constant: Double? { constantBits?.fixedPointValue(fractionBits: fractionBits) }
}

extension Choice {
  /// The case, where the value is a constant; `nil` for a signal, and for bits that are no case's.
  public var constant: E? { constantBits.flatMap(E.value(ofCode:)) }
}
