/// What the operators of all scalar types are made of: operands find a common width, and a node is built.
extension Scope {
  /// Two operands in one width: the wider one's; a literal takes the other's width, or the least that holds both
  /// literals.
  func balanced<T: Scalar>(_ a: T, _ b: T, signed: Bool) -> (Netlist.NodeID, Netlist.NodeID, width: Int) {
    let width: Int
    switch (a.operand, b.operand) {
    case (.literal(let x, _), .literal(let y, _)):
      width = max(Operand.width(of: x, signed: signed), Operand.width(of: y, signed: signed))
    case (.literal, let other), (let other, .literal): width = self.width(of: other)
    case (let x, let y): width = max(self.width(of: x), self.width(of: y))
    }
    return (
      extended(sized(a.operand, width: width, signed: signed), to: width, signed: signed),
      extended(sized(b.operand, width: width, signed: signed), to: width, signed: signed), width
    )
  }

  /// The width of an operand, a literal's being the least that holds it.
  func width(of operand: Operand) -> Int {
    let node = node(operand)
    return builder { $0.width(of: node) }
  }

  /// An operand with zeros or its sign above.
  func extended(_ operand: Operand, to width: Int, signed: Bool) -> Netlist.NodeID {
    let node = node(operand)
    return builder { $0.extend(node, to: width, signed: signed) }
  }

  /// The sum, or difference, in `growth` bits more than the wider operand.
  func sum<T: Scalar>(_ a: T, _ b: T, subtracts: Bool = false, growth: Int, signed: Bool) -> Operand {
    let (x, y, width) = balanced(a, b, signed: signed)
    let total = width + growth
    let node = builder { builder in
      let (left, right) = (
        builder.extend(x, to: total, signed: signed), builder.extend(y, to: total, signed: signed)
      )
      return subtracts ? builder.subtract(left, right) : builder.add(left, right)
    }
    return operand(node)
  }

  /// The exact product; a literal takes the least bits that hold it.
  func product<T: Scalar>(_ a: T, _ b: T, signed: Bool) -> Operand {
    let (x, y) = (natural(a.operand, signed: signed), natural(b.operand, signed: signed))
    return operand(builder { $0.multiply(x, y, signed: signed) })
  }

  /// The low bits of the product, as many as the wider operand has.
  func wrappingProduct<T: Scalar>(_ a: T, _ b: T, signed: Bool) -> Operand {
    let (x, y, width) = balanced(a, b, signed: signed)
    return operand(
      builder { builder in
        let product = builder.multiply(x, y, signed: signed)
        return builder.slice(product, low: 0, width: width)
      })
  }

  private func natural(_ operand: Operand, signed: Bool) -> Netlist.NodeID {
    guard case .literal(let value, _) = operand else { return node(operand) }
    return node(sized(operand, width: Operand.width(of: value, signed: signed), signed: signed))
  }

  /// Whether the operands compare so, at a common width.
  func comparison<T: Scalar>(_ comparison: Netlist.Comparison, _ a: T, _ b: T, signed: Bool) -> Bit {
    let (x, y, _) = balanced(a, b, signed: signed)
    return Bit(operand: operand(builder { $0.compare(comparison, x, y) }))
  }

  /// Whether two values of the same width are equal; a difference in width is reported.
  func equal<T: Scalar>(_ a: T, _ b: T) -> Bit {
    let (x, y, _) = matched(a, b)
    return Bit(operand: operand(builder { $0.compare(.equal, x, y) }))
  }

  /// Two operands whose widths have to agree.
  func matched<T: Scalar>(_ a: T, _ b: T) -> (Netlist.NodeID, Netlist.NodeID, width: Int) {
    let (x, y, width) = balanced(a, b, signed: false)
    let widths = (self.width(of: a.operand), self.width(of: b.operand))
    if !a.operand.isLiteral, !b.operand.isLiteral, widths.0 != widths.1 {
      report(
        .width,
        "values of \(widths.0) and \(widths.1) bits are combined bit by bit; give both one width with "
          + "`.extended(to:)` or `.truncated(to:)`")
    }
    return (x, y, width)
  }

  /// Bit by bit.
  func bitwise<T: Scalar>(_ operation: Netlist.BitwiseOperator, _ a: T, _ b: T, signed: Bool) -> Operand {
    let (x, y, _) = signed ? balanced(a, b, signed: true) : balanced(a, b, signed: false)
    if !a.operand.isLiteral, !b.operand.isLiteral { _ = matched(a, b) }
    return operand(builder { $0.bitwise(operation, x, y) })
  }

  /// Every bit inverted.
  func inverted(_ operand: Operand) -> Operand {
    let node = node(operand)
    return self.operand(builder { $0.not(node) })
  }

  /// One value or the other, in the wider one's width.
  func selection<T: Scalar>(_ condition: Bit, _ a: T, _ b: T, signed: Bool) -> Operand {
    let (x, y, _) = balanced(a, b, signed: signed)
    let chosen = node(sized(condition.operand, width: 1))
    return operand(builder { $0.select(chosen, x, y) })
  }

  /// Moved by an unsigned number of places.
  func shifted(_ direction: Netlist.ShiftDirection, _ a: Operand, by amount: Unsigned) -> Operand {
    let (x, places) = (node(a), node(amount.operand))
    return operand(builder { $0.shift(direction, x, by: places) })
  }

  /// Bits of a value; a range outside it is reported.
  func bits(_ range: Range<Int>, of value: Operand) -> Operand {
    let node = node(value)
    let width = builder { $0.width(of: node) }
    guard range.lowerBound >= 0, range.upperBound <= width, !range.isEmpty else {
      report(
        .index,
        range.isEmpty
          ? "no bits are asked of a value of \(width) bits"
          : range.count == 1
            ? "bit \(range.lowerBound) is asked of a value of \(width) bits"
            : "bits \(range.lowerBound) to \(range.upperBound - 1) are asked of a value of \(width) bits")
      return .constant(BitVector(zero: max(1, range.count)))
    }
    return slice(node, low: range.lowerBound, width: range.count)
  }

  /// All bits combined into one.
  func reduction(_ operation: Netlist.BitwiseOperator, _ value: Operand) -> Bit {
    let node = node(value)
    return Bit(operand: operand(builder { $0.reduce(operation, node) }))
  }
}
