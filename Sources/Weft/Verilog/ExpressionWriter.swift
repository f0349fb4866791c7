/// Writes the expressions of one module as Verilog.
struct ExpressionWriter {
  let netlist: Netlist
  /// The name of each signal, by its index.
  let names: [String]
  private let labels: EnumerationLabels
  private let plan: ExpressionPlan
  private let wireNames: [Netlist.NodeID: String]
  private var isDeclared: [Bool]

  init(_ netlist: Netlist, signalNames: SignalNames, labels: EnumerationLabels) {
    self.netlist = netlist
    names = signalNames.names
    self.labels = labels
    plan = ExpressionPlan(netlist, names: names)
    wireNames = WireNames(netlist, signalNames: signalNames).names(for: plan)
    isDeclared = Array(repeating: false, count: netlist.nodes.count)
  }

  // MARK: Wires

  /// The wires that `root` needs and that are not yet declared, operands first.
  mutating func wires(for root: Netlist.NodeID) -> [VerilogDeclaration] {
    if isDeclared[Int(root.index)] { return [] }
    var result: [VerilogDeclaration] = []
    var stack = [(root, false)]
    while let (id, operandsAreDone) = stack.popLast() {
      let index = Int(id.index)
      if operandsAreDone {
        if plan.isWire[index] {
          result.append(
            VerilogDeclaration(
              kind: .wire, name: wireName(id), width: netlist.width(of: id), value: definition(id)))
        }
      } else if !isDeclared[index] {
        isDeclared[index] = true
        stack.append((id, true))
        for operand in netlist[id].operands.reversed() { stack.append((operand, false)) }
      }
    }
    return result
  }

  private func wireName(_ id: Netlist.NodeID) -> String { wireNames[id] ?? "wire_\(id.index)" }

  /// The name that stands for a node, where it has one.
  private func name(of id: Netlist.NodeID) -> String? {
    if case .reference(let signal) = netlist[id] { return names[Int(signal.index)] }
    return plan.isWire[Int(id.index)] ? wireName(id) : nil
  }

  /// Whether an expression is short and free enough of its context to stand in an instance's port list.
  func standsAtPort(_ id: Netlist.NodeID) -> Bool {
    if name(of: id) != nil { return true }
    if case .multiply = netlist[id] { return false }
    if plan.isWideProduct[Int(id.index)] { return false }
    return plan.textLength(of: id) <= 60
  }

  // MARK: Expressions

  /// What a node is: right in any context as wide as the node.
  func value(_ id: Netlist.NodeID) -> VerilogExpression {
    if let name = name(of: id) { return .name(name) }
    return definition(id)
  }

  /// An operand that counts as a signed number.
  private func signedOperand(_ id: Netlist.NodeID) -> VerilogExpression {
    if case .constant(let value) = netlist[id] { return .literal(value, isSigned: true) }
    return .signed(value(id))
  }

  private func product(_ a: Netlist.NodeID, _ b: Netlist.NodeID, signed: Bool, width: Int) -> VerilogExpression {
    if !signed { return .binary(.multiply, value(a), value(b)) }
    return .binary(.multiply, factor(a, width: width), factor(b, width: width))
  }

  /// A factor of a signed product; a negative constant is as wide as the product, since its minus sign is.
  private func factor(_ id: Netlist.NodeID, width: Int) -> VerilogExpression {
    if case .constant(let value) = netlist[id], value.signBit {
      return .literal(value.extended(to: width, signed: true), isSigned: true)
    }
    return signedOperand(id)
  }

  /// Bits `low ..< low + width` of a node that has a name, or of a constant.
  func bits(_ id: Netlist.NodeID, low: Int, width: Int) -> VerilogExpression {
    if width == netlist.width(of: id) { return value(id) }
    if let name = name(of: id) { return .bits(name, high: low + width - 1, low: low) }
    switch netlist[id] {
    case .slice(let base, let offset): return bits(base, low: offset + low, width: width)
    case .constant(let value): return .literal(value.slice(low: low, width: width), isSigned: false)
    default: preconditionFailure("only a name has bits")
    }
  }

  /// An index cut or extended with zeros to `width` bits.
  func index(_ id: Netlist.NodeID, width: Int) -> VerilogExpression {
    let own = netlist.width(of: id)
    if own > width { return bits(id, low: 0, width: width) }
    return own == width
      ? value(id) : .concatenation([.literal(BitVector(zero: width - own), isSigned: false)] + parts(id))
  }

  /// Whether an index lies below `count`.
  func isBelow(_ id: Netlist.NodeID, _ count: Int) -> VerilogExpression {
    let limit = BitVector(truncating: count, width: netlist.width(of: id))
    return .binary(.less, value(id), .literal(limit, isSigned: false))
  }

  /// A node's bits as members of a concatenation.
  private func parts(_ id: Netlist.NodeID) -> [VerilogExpression] {
    if case .concatenation(let parts) = value(id) { return parts }
    return [value(id)]
  }

  private func definition(_ id: Netlist.NodeID) -> VerilogExpression {
    let width = netlist.width(of: id)
    switch netlist[id] {
    case .constant(let value): return .literal(value, isSigned: false)
    case .reference(let signal): return .name(names[Int(signal.index)])
    case .add(let a, let b): return .binary(.add, value(a), value(b))
    case .subtract(let a, let b):
      if isZero(a) { return .unary(.negate, value(b)) }
      return .binary(.subtract, value(a), value(b))
    case .multiply(let a, let b, let signed): return product(a, b, signed: signed, width: width)
    case .bitwise(let operation, let a, let b): return .binary(binary(operation), value(a), value(b))
    case .not(let a):
      if case .binary(let comparison, let x, let y) = value(a), let opposite = comparison.opposite {
        return .binary(opposite, x, y)
      }
      return .unary(.not, value(a))
    case .compare(let comparison, let a, let b): return compare(comparison, a, b)
    case .reduce(let operation, let a):
      let operators: [Netlist.BitwiseOperator: VerilogUnaryOperator] = [
        .and: .reduceAnd, .or: .reduceOr, .xor: .reduceXor,
      ]
      return .unary(operators[operation] ?? .reduceOr, value(a))
    case .shift(let direction, let a, let amount):
      switch direction {
      case .left: return .binary(.shiftLeft, value(a), value(amount))
      case .right: return .binary(.shiftRight, value(a), value(amount))
      case .rightArithmetic: preconditionFailure("legalisation leaves no shift with the sign")
      }
    case .select(let condition, let a, let b): return .conditional(value(condition), value(a), value(b))
    case .element(let vector, let index): return element(of: vector, at: index, width: width)
    case .slice(let a, let low): return bits(a, low: low, width: width)
    case .concatenate(let operands): return .concatenation(operands.flatMap(parts))
    case .extend(let product, _) where plan.isWideProduct[Int(id.index)]:
      guard case .multiply(let a, let b, let signed) = netlist[product] else { return value(product) }
      return self.product(a, b, signed: signed, width: width)
    case .extend(let a, let signed): return extend(a, by: width - netlist.width(of: a), signed: signed)
    }
  }

  private func isZero(_ id: Netlist.NodeID) -> Bool {
    if case .constant(let value) = netlist[id] { value.isZero } else { false }
  }

  private func binary(_ operation: Netlist.BitwiseOperator) -> VerilogBinaryOperator {
    switch operation {
    case .and: .and
    case .or: .or
    case .xor: .xor
    }
  }

  private func compare(_ comparison: Netlist.Comparison, _ a: Netlist.NodeID, _ b: Netlist.NodeID) -> VerilogExpression
  {
    var operation = comparison == .equal ? VerilogBinaryOperator.equal : .less
    var (left, right) = (a, b)
    if case .constant = netlist[a] {
      swap(&left, &right)
      if operation == .less { operation = .greater }
    }
    if comparison == .lessSigned { return .binary(operation, signedOperand(left), signedOperand(right)) }
    return .binary(operation, value(left), labels.label(right, beside: left) ?? value(right))
  }

  private func extend(_ a: Netlist.NodeID, by count: Int, signed: Bool) -> VerilogExpression {
    if !signed { return .concatenation([.literal(BitVector(zero: count), isSigned: false)] + parts(a)) }
    let own = netlist.width(of: a)
    if own == 1 { return .replication(count + 1, value(a)) }
    let sign = bits(a, low: own - 1, width: 1)
    return .concatenation([count == 1 ? sign : .replication(count, sign)] + parts(a))
  }

  private func element(of vector: Netlist.NodeID, at index: Netlist.NodeID, width: Int) -> VerilogExpression {
    let shape = ElementShape(netlist, vector: vector, index: index, width: width)
    let picked: VerilogExpression
    if shape.count == 1 {
      picked = value(vector)
    } else {
      let name = name(of: vector) ?? ""
      if width == 1 {
        picked = .word(name, self.index(index, width: Indexing.bits(for: shape.count)))
      } else {
        picked = .window(name, base: base(of: index, in: shape), width: width)
      }
    }
    if !shape.needsGuard { return picked }
    return .conditional(isBelow(index, shape.count), picked, .literal(BitVector(zero: width), isSigned: false))
  }

  /// The lowest bit of the element at an index, as wide as Verilog wants it.
  private func base(of index: Netlist.NodeID, in shape: ElementShape) -> VerilogExpression {
    let positionBits = Indexing.bits(for: shape.count)
    if shape.width & (shape.width - 1) == 0 {
      let zeros = VerilogExpression.literal(BitVector(zero: shape.width.trailingZeroBitCount), isSigned: false)
      if case .concatenation(let parts) = self.index(index, width: positionBits) {
        return .concatenation(parts + [zeros])
      }
      return .concatenation([self.index(index, width: positionBits), zeros])
    }
    let bits = Indexing.bits(for: shape.count * shape.width)
    var position = self.index(index, width: min(positionBits, shape.indexWidth))
    let missing = bits - min(positionBits, shape.indexWidth)
    if missing > 0 { position = .concatenation([.literal(BitVector(zero: missing), isSigned: false), position]) }
    return .binary(.multiply, position, .literal(BitVector(truncating: shape.width, width: bits), isSigned: false))
  }
}
