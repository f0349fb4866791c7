/// The bits of each name that a module's syntax tree reads.
private struct ReadBits {
  private var positions: [String: Int] = [:]
  private(set) var declarations: [VerilogDeclaration] = []
  private var isReadWhole: [Bool] = []
  private var bits: [BitVector?] = []

  mutating func declare(_ declaration: VerilogDeclaration) {
    positions[declaration.name] = declarations.count
    declarations.append(declaration)
    isReadWhole.append(false)
    bits.append(nil)
  }

  mutating func read(_ name: String) {
    if let position = positions[name] { isReadWhole[position] = true }
  }

  mutating func read(_ name: String, high: Int, low: Int) {
    guard let position = positions[name], !isReadWhole[position] else { return }
    var known = bits[position] ?? BitVector(zero: declarations[position].width)
    bits[position] = nil
    for bit in low...high { known[bit] = true }
    bits[position] = known
  }

  mutating func read(_ expression: VerilogExpression) {
    switch expression {
    case .name(let name): read(name)
    case .literal, .number: break
    case .bits(let name, let high, let low): read(name, high: high, low: low)
    case .word(let name, let index):
      read(name)
      read(index)
    case .window(let name, let base, _):
      read(name)
      read(base)
    case .unary(_, let a), .replication(_, let a), .signed(let a), .unsigned(let a): read(a)
    case .binary(_, let a, let b):
      read(a)
      read(b)
    case .conditional(let a, let b, let c):
      read(a)
      read(b)
      read(c)
    case .concatenation(let parts): for part in parts { read(part) }
    }
  }

  mutating func read(_ target: VerilogTarget) {
    switch target {
    case .word(_, let index), .wordBits(_, let index, _, _): read(index)
    case .whole, .bits: break
    }
  }

  mutating func read(_ statements: [VerilogStatement]) {
    for statement in statements {
      switch statement {
      case .assign(let target, let value, _, _):
        read(target)
        read(value)
      case .when(let condition, let then, let otherwise):
        read(condition)
        read(then)
        read(otherwise)
      case .match(let subject, let cases, let fallback):
        read(subject)
        for item in cases {
          for pattern in item.patterns { read(pattern) }
          read(item.body)
        }
        read(fallback)
      case .remark, .display: break
      }
    }
  }

  /// Whether something reads `name`, in full.
  func reads(_ name: String) -> Bool { positions[name].map { isReadWhole[$0] } ?? false }

  mutating func read(events: [String], _ body: [VerilogStatement]) {
    for event in events { read(String(event.drop { $0 != " " }.dropFirst())) }
    read(body)
  }

  /// The runs of bits that nothing reads.
  func unread() -> [VerilogExpression] {
    var result: [VerilogExpression] = []
    for (position, declaration) in declarations.enumerated()
    where !isReadWhole[position] && declaration.kind != .parameter {
      guard let bits = bits[position] else {
        result.append(.name(declaration.name))
        continue
      }
      var high = declaration.width - 1
      while high >= 0 {
        if bits[high] {
          high -= 1
          continue
        }
        var low = high
        while low > 0, !bits[low - 1] { low -= 1 }
        result.append(.bits(declaration.name, high: high, low: low))
        high = low - 1
      }
    }
    return result
  }
}

extension VerilogEmitter {
  /// Ends a module with a wire that reads every bit that nothing else does, so that no tool has to ask whether a bit
  /// was forgotten, and removes constants that nothing reads.
  mutating func gatherUnusedBits(in module: inout VerilogModule) {
    var reads = ReadBits()
    for port in module.ports where port.kind == .input { reads.declare(port) }
    for case .declaration(let declaration) in module.items where !declaration.name.hasPrefix("unused_") {
      reads.declare(declaration)
    }
    for item in module.items {
      switch item {
      case .declaration(let declaration): if let value = declaration.value { reads.read(value) }
      case .memory, .load, .blank: break
      case .assign(let target, let value, _):
        reads.read(target)
        reads.read(value)
      case .always(let events, let body, _):
        reads.read(events: events, body)
      case .simulationOnly(let items):
        for case .always(let events, let body, _) in items { reads.read(events: events, body) }
      case .initial(let body): reads.read(body)
      case .instance(let instance):
        for connection in instance.connections where connection.isInput { reads.read(connection.value) }
      }
    }
    module.items.removeAll { item in
      if case .declaration(let one) = item { one.kind == .parameter && !reads.reads(one.name) } else { false }
    }
    let unread = reads.unread()
    if unread.isEmpty { return }
    let value = VerilogExpression.unary(
      .reduceAnd, .concatenation([.literal(BitVector(zero: 1), isSigned: false)] + unread))
    if !module.items.isEmpty { module.items.append(.blank) }
    module.items.append(
      .declaration(VerilogDeclaration(kind: .wire, name: freeName("unused"), width: 1, value: value)))
  }
}
