/// Rebuilds a module's expressions, replacing some on the way. Signals keep their numbers.
package struct NetlistRewriter {
  /// What stands in for a node whose operands have been rewritten; `nil` keeps it. There may be two variants of the
  /// result, one for ordinary processes and one for those that `finish` is told of.
  package typealias Replacement =
    (inout NetlistBuilder, Netlist.Node, _ width: Int, _ isSpecial: Bool) -> Netlist.NodeID?

  private let source: Netlist
  private(set) var builder: NetlistBuilder
  private var rewritten: [Netlist.NodeID?]
  private var specialRewritten: [Netlist.NodeID?]
  private var isSpecial = false
  private let replacement: Replacement

  /// A rewriter of `source`.
  package init(_ source: Netlist, replacement: @escaping Replacement) {
    self.source = source
    self.replacement = replacement
    builder = NetlistBuilder(name: source.name, summary: source.summary)
    builder.netlist.domains = source.domains
    builder.netlist.signals = source.signals
    builder.netlist.memories = source.memories
    builder.netlist.instances = source.instances
    rewritten = Array(repeating: nil, count: source.nodes.count)
    specialRewritten = []
  }

  /// The builder of the result, to add signals and expressions to.
  mutating func withBuilder<Result>(_ body: (inout NetlistBuilder) -> Result) -> Result { body(&builder) }

  /// The module with everything rewritten. `special` names the processes, by number, that get the second variant.
  package mutating func finish(special: Set<Int> = []) -> Netlist {
    for index in builder.netlist.signals.indices {
      guard case .register(var register) = builder.netlist.signals[index].role, let enable = register.enable else {
        continue
      }
      register.enable = node(enable)
      builder.netlist.signals[index].role = .register(register)
    }
    for memory in builder.netlist.memories.indices {
      for read in builder.netlist.memories[memory].reads.indices {
        let port = builder.netlist.memories[memory].reads[read]
        builder.netlist.memories[memory].reads[read].address = node(port.address)
        builder.netlist.memories[memory].reads[read].enable = port.enable.map { node($0) }
      }
    }
    if !special.isEmpty { specialRewritten = Array(repeating: nil, count: source.nodes.count) }
    builder.netlist.processes = source.processes.enumerated().map { number, process in
      isSpecial = special.contains(number)
      var result = process
      result.statements = statements(process.statements)
      return result
    }
    isSpecial = false
    builder.netlist.properties = source.properties.map { property in
      var result = property
      result.condition = node(property.condition)
      return result
    }
    return builder.netlist
  }

  private mutating func statements(_ statements: [Netlist.Statement]) -> [Netlist.Statement] {
    statements.map { statement in
      switch statement {
      case .assign(let signal, let low, let value, let place): return .assign(signal, low: low, node(value), place)
      case .when(let condition, let then, let otherwise, let place):
        return .when(node(condition), then: self.statements(then), else: self.statements(otherwise), place)
      case .match(let subject, let cases, let fallback, let place):
        let items = cases.map { Netlist.MatchCase(patterns: $0.patterns, body: self.statements($0.body)) }
        return .match(node(subject), cases: items, default: self.statements(fallback), place)
      case .write(let memory, let address, let data, let low, let place):
        return .write(memory, address: node(address), data: node(data), low: low, place)
      }
    }
  }

  /// The rewritten form of a node, its operands first.
  private mutating func node(_ root: Netlist.NodeID) -> Netlist.NodeID {
    var stack = [root]
    while let id = stack.last {
      if known(id) == nil {
        let open = source[id].operands.filter { known($0) == nil }
        if !open.isEmpty {
          stack += open
          continue
        }
        let result = rebuild(id)
        if isSpecial { specialRewritten[Int(id.index)] = result } else { rewritten[Int(id.index)] = result }
      }
      stack.removeLast()
    }
    return new(root)
  }

  private func known(_ id: Netlist.NodeID) -> Netlist.NodeID? {
    isSpecial ? specialRewritten[Int(id.index)] : rewritten[Int(id.index)]
  }

  private func new(_ id: Netlist.NodeID) -> Netlist.NodeID { known(id) ?? id }

  private mutating func rebuild(_ id: Netlist.NodeID) -> Netlist.NodeID {
    let width = source.width(of: id)
    let node = renumbered(source[id])
    if let replaced = replacement(&builder, node, width, isSpecial) { return replaced }
    switch node {
    case .constant(let value): return builder.constant(value)
    case .reference(let signal): return builder.reference(signal)
    case .add(let a, let b): return builder.add(a, b)
    case .subtract(let a, let b): return builder.subtract(a, b)
    case .multiply(let a, let b, let signed): return builder.multiply(a, b, signed: signed)
    case .bitwise(let operation, let a, let b): return builder.bitwise(operation, a, b)
    case .not(let a): return builder.not(a)
    case .compare(let comparison, let a, let b): return builder.compare(comparison, a, b)
    case .reduce(let operation, let a): return builder.reduce(operation, a)
    case .shift(let direction, let a, let amount): return builder.shift(direction, a, by: amount)
    case .select(let condition, let a, let b): return builder.select(condition, a, b)
    case .element(let vector, let index): return builder.element(vector, index: index, width: width)
    case .slice(let a, let low): return builder.slice(a, low: low, width: width)
    case .concatenate(let parts): return builder.concatenate(parts)
    case .extend(let a, let signed): return builder.extend(a, to: width, signed: signed)
    }
  }

  private func renumbered(_ node: Netlist.Node) -> Netlist.Node {
    switch node {
    case .constant, .reference: node
    case .add(let a, let b): .add(new(a), new(b))
    case .subtract(let a, let b): .subtract(new(a), new(b))
    case .multiply(let a, let b, let signed): .multiply(new(a), new(b), signed: signed)
    case .bitwise(let operation, let a, let b): .bitwise(operation, new(a), new(b))
    case .not(let a): .not(new(a))
    case .compare(let comparison, let a, let b): .compare(comparison, new(a), new(b))
    case .reduce(let operation, let a): .reduce(operation, new(a))
    case .shift(let direction, let a, let amount): .shift(direction, new(a), by: new(amount))
    case .select(let condition, let a, let b): .select(new(condition), new(a), new(b))
    case .element(let vector, let index): .element(new(vector), index: new(index))
    case .slice(let a, let low): .slice(new(a), low: low)
    case .concatenate(let parts): .concatenate(parts.map(new))
    case .extend(let a, let signed): .extend(new(a), signed: signed)
    }
  }
}
