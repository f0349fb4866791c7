/// The bits of each name that the items of a module read. A name is declared before it is read.
struct ReadBits {
  private var positions: [String: Int] = [:]
  private var declarations: [(name: String, width: Int, isConstant: Bool)] = []
  private var isReadWhole: [Bool] = []
  private var bits: [BitVector?] = []

  /// Makes room for so many names.
  mutating func reserve(_ count: Int) {
    positions.reserveCapacity(count)
    declarations.reserveCapacity(count)
    isReadWhole.reserveCapacity(count)
    bits.reserveCapacity(count)
  }

  /// Asks for the bits of a name.
  mutating func declare(_ declaration: VerilogDeclaration) {
    positions[declaration.name] = declarations.count
    declarations.append((declaration.name, declaration.width, declaration.kind == .parameter))
    isReadWhole.append(false)
    bits.append(nil)
  }

  /// Takes in an item; what is called `unused_` is not asked for.
  mutating func note(_ item: VerilogItem) {
    switch item {
    case .declaration(let declaration):
      if !declaration.name.hasPrefix("unused_") { declare(declaration) }
      if let value = declaration.value { read(value) }
    case .memory, .load, .blank: break
    case .assign(let target, let value, _):
      read(target)
      read(value)
    case .always(let events, let body, _): read(events: events, body)
    case .simulationOnly(let items): for item in items { note(item) }
    case .initial(let body): read(body)
    case .instance(let instance):
      for connection in instance.connections where connection.isInput { read(connection.value) }
    }
  }

  private mutating func read(_ name: String) {
    if let position = positions[name] { isReadWhole[position] = true }
  }

  private mutating func read(_ name: String, high: Int, low: Int) {
    guard let position = positions[name], !isReadWhole[position] else { return }
    var known = bits[position] ?? BitVector(zero: declarations[position].width)
    bits[position] = nil
    for bit in low...high { known[bit] = true }
    bits[position] = known
  }

  private mutating func read(_ expression: VerilogExpression) {
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
    case .unary(_, let a), .replication(_, let a), .signed(let a): read(a)
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

  private mutating func read(_ target: VerilogTarget) {
    switch target {
    case .word(_, let index), .wordBits(_, let index, _, _): read(index)
    case .whole, .bits: break
    }
  }

  private mutating func read(_ statements: [VerilogStatement]) {
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

  private mutating func read(events: [String], _ body: [VerilogStatement]) {
    for event in events { read(String(event.drop { $0 != " " }.dropFirst())) }
    read(body)
  }

  /// The runs of bits that nothing reads.
  func unread() -> [VerilogExpression] {
    var result: [VerilogExpression] = []
    for (position, declaration) in declarations.enumerated()
    where !isReadWhole[position] && !declaration.isConstant {
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
