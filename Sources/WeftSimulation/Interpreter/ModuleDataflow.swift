import Weft

/// One module as pure data flow: every assignment resolved into a value for a piece of a signal, so that the order of
/// statements no longer matters.
///
/// A piece is a run of bits that assignments never split. Under a condition on which a register's piece is not
/// assigned, its update has a guard that is zero.
package struct ModuleDataflow {
  /// The index of an operation.
  package typealias Value = Int32

  /// An expression; the netlist's nodes come first, under their own indices.
  package enum Operation {
    case constant(BitVector)
    case reference(Int)
    case add(Value, Value)
    case subtract(Value, Value)
    case multiply(Value, Value, signed: Bool)
    case bitwise(Netlist.BitwiseOperator, Value, Value)
    case not(Value)
    case compare(Netlist.Comparison, Value, Value)
    case reduce(Netlist.BitwiseOperator, Value)
    case shift(Netlist.ShiftDirection, Value, by: Value)
    case select(Value, Value, Value)
    case element(Value, index: Value)
    case slice(Value, low: Int)
    case concatenate([Value])
    case extend(Value, signed: Bool)
    /// The number that a table gives for the operand; the table has two to the operand's width entries.
    case lookup(Value, table: [Int32])
    /// The option that the first operand, always below their number, selects.
    case choose(Value, [Value])
  }

  /// A combinational piece and its value.
  package struct Driver {
    package var signal: Int
    package var low: Int
    package var width: Int
    package var value: Value
  }

  /// A register's piece, and its value after the clock edge where the guard is one or absent.
  package struct Update {
    package var signal: Int
    package var low: Int
    package var width: Int
    package var guardValue: Value?
    package var value: Value
  }

  /// A clocked write to bits of a memory's word, from `low` up, where the guard is one or absent; later ones win.
  package struct Write {
    package var memory: Int
    package var guardValue: Value?
    package var address: Value
    package var data: Value
    package var low: Int
  }

  package private(set) var operations: [Operation] = []
  package private(set) var widths: [Int32] = []
  package private(set) var drivers: [Driver] = []
  package private(set) var updates: [Update] = []
  package private(set) var writes: [Write] = []

  /// Resolves the processes of `netlist`.
  init(_ netlist: Netlist) {
    operations.reserveCapacity(netlist.nodes.count)
    widths = netlist.nodeWidths
    for node in netlist.nodes { operations.append(Operation(node)) }
    var resolver = StatementResolver(netlist: netlist, dataflow: self)
    for process in netlist.processes { resolver.resolve(process) }
    self = resolver.dataflow
  }

  package func width(of value: Value) -> Int { Int(widths[Int(value)]) }

  package func operation(of value: Value) -> Operation { operations[Int(value)] }

  mutating func append(_ driver: Driver) { drivers.append(driver) }
  mutating func append(_ update: Update) { updates.append(update) }
  mutating func append(_ write: Write) { writes.append(write) }

  private mutating func append(_ operation: Operation, width: Int) -> Value {
    operations.append(operation)
    widths.append(Int32(width))
    return Value(operations.count - 1)
  }
}

// MARK: - New operations

extension ModuleDataflow {
  mutating func constant(_ value: Int, width: Int) -> Value {
    append(.constant(BitVector(truncating: value, width: width)), width: width)
  }

  mutating func and(_ a: Value, _ b: Value) -> Value { append(.bitwise(.and, a, b), width: width(of: a)) }

  mutating func or(_ a: Value, _ b: Value) -> Value { append(.bitwise(.or, a, b), width: width(of: a)) }

  mutating func not(_ a: Value) -> Value {
    if case .not(let inner) = operation(of: a) { return inner }
    return append(.not(a), width: width(of: a))
  }

  mutating func equal(_ a: Value, _ b: BitVector) -> Value {
    let pattern = append(.constant(b), width: b.width)
    return append(.compare(.equal, a, pattern), width: 1)
  }

  mutating func select(_ condition: Value, _ a: Value, _ b: Value) -> Value {
    a == b ? a : append(.select(condition, a, b), width: width(of: a))
  }

  mutating func lookup(_ subject: Value, table: [Int32], width: Int) -> Value {
    append(.lookup(subject, table: table), width: width)
  }

  mutating func choose(_ selector: Value, _ options: [Value]) -> Value {
    if options.allSatisfy({ $0 == options[0] }) { return options[0] }
    return append(.choose(selector, options), width: width(of: options[0]))
  }

  mutating func slice(_ a: Value, low: Int, width: Int) -> Value {
    if low == 0 && width == self.width(of: a) { return a }
    switch operation(of: a) {
    case .constant(let value): return append(.constant(value.slice(low: low, width: width)), width: width)
    case .slice(let inner, let offset): return slice(inner, low: offset + low, width: width)
    case .concatenate(let parts):
      var base = 0
      for part in parts.reversed() {
        let partWidth = self.width(of: part)
        if low >= base && low + width <= base + partWidth { return slice(part, low: low - base, width: width) }
        base += partWidth
      }
    default: break
    }
    return append(.slice(a, low: low), width: width)
  }
}

extension ModuleDataflow.Operation {
  init(_ node: Netlist.Node) {
    switch node {
    case .constant(let value): self = .constant(value)
    case .reference(let signal): self = .reference(Int(signal.index))
    case .add(let a, let b): self = .add(a.index, b.index)
    case .subtract(let a, let b): self = .subtract(a.index, b.index)
    case .multiply(let a, let b, let signed): self = .multiply(a.index, b.index, signed: signed)
    case .bitwise(let operation, let a, let b): self = .bitwise(operation, a.index, b.index)
    case .not(let a): self = .not(a.index)
    case .compare(let comparison, let a, let b): self = .compare(comparison, a.index, b.index)
    case .reduce(let operation, let a): self = .reduce(operation, a.index)
    case .shift(let direction, let a, let amount): self = .shift(direction, a.index, by: amount.index)
    case .select(let condition, let a, let b): self = .select(condition.index, a.index, b.index)
    case .element(let vector, let index): self = .element(vector.index, index: index.index)
    case .slice(let a, let low): self = .slice(a.index, low: low)
    case .concatenate(let parts): self = .concatenate(parts.map(\.index))
    case .extend(let a, let signed): self = .extend(a.index, signed: signed)
    }
  }
}
