// Sequences over time, for properties: each is registers and logic that Verilog for boards leaves out together with the
// properties that read it. Before the first cycle, and before the first one after a reset, every signal counts as zero.

extension Scalar {
  /// The value at the clock edge `cycles` before this one; zero where there was none since the start or the reset.
  public func past(
    _ cycles: Int = 1, domain: Domain = .main, file: String = #fileID, line: Int = #line
  ) -> Self {
    let scope = Scope.current
    guard cycles > 0 else { return self }
    let layout = signalLayout
    let name = scope.netlist.contentName(
      of: scope.node(scope.sized(operand, width: layout.width, signed: layout.isSigned)))
    var value = self
    for cycle in 1...cycles {
      value = value.remembered(
        as: "past\(cycle)_\(name)" + (domain == .main ? "" : "_\(domain.clock)"), layout, domain,
        at: SourcePlace(file: file, line: line))
    }
    return value
  }

  /// Whether the value is the one it was at the edge before; one where there was none since the start or the reset.
  public func isStable(domain: Domain = .main, file: String = #fileID, line: Int = #line) -> Bit {
    let (scope, place) = (Scope.current, SourcePlace(file: file, line: line))
    let hasPast = Bit(true).remembered(as: "has_past_\(domain.clock)", .bit, domain, at: place)
    let before = past(domain: domain, file: file, line: line)
    let (now, then) = (scope.node(operand), scope.node(before.operand))
    let isSame = scope.builder { $0.compare(.equal, now, then) }
    return !hasPast | Bit(operand: scope.operand(isSame))
  }

  /// The register `name`, which takes this value at every edge and is zero at first and under reset.
  private func remembered(as name: String, _ layout: Layout, _ domain: Domain, at place: SourcePlace) -> Self {
    let scope = Scope.current
    let input = scope.node(scope.sized(operand, width: layout.width, signed: layout.isSigned))
    return scope.generated(name, from: [input], at: place) {
      let zero = BitVector(zero: layout.width)
      let register: Self = scope.signal(name, Shape(layout), at: place) { _, _ in
        .register(Netlist.Register(domain: domain, resetValue: zero, initialValue: zero))
      }
      scope.wires.append(
        Circuit(connecting: register, to: Self.bind(layout, .given([scope.operand(input)])), at: place))
      return register
    }
  }
}

extension Bit {
  /// Whether the bit is one and was zero at the edge before.
  public func rose(domain: Domain = .main, file: String = #fileID, line: Int = #line) -> Bit {
    self & !past(domain: domain, file: file, line: line)
  }

  /// Whether the bit is zero and was one at the edge before.
  public func fell(domain: Domain = .main, file: String = #fileID, line: Int = #line) -> Bit {
    !self & past(domain: domain, file: file, line: line)
  }

  /// Whether the bit has been one at this edge and the ones before it, `cycles` of them together.
  public func held(for cycles: Int, domain: Domain = .main, file: String = #fileID, line: Int = #line) -> Bit {
    (0..<max(1, cycles)).map { past($0, domain: domain, file: file, line: line) }.areAllSet
  }

  /// Whether `consequence` holds where this bit does.
  public func implies(_ consequence: Bit) -> Bit { !self | consequence }

  /// Whether `consequence` holds at this edge if this bit did at the one before.
  public func implies(
    next consequence: Bit, domain: Domain = .main, file: String = #fileID, line: Int = #line
  ) -> Bit {
    past(domain: domain, file: file, line: line).implies(consequence)
  }

  /// Whether each time this bit is one, `event` follows within `cycles` cycles, or comes in the same one.
  public func leads(
    to event: Bit, within cycles: Int, domain: Domain = .main, file: String = #fileID, line: Int = #line
  ) -> Bit {
    let events = (0...max(0, cycles)).map { event.past($0, domain: domain, file: file, line: line) }
    return past(max(0, cycles), domain: domain, file: file, line: line).implies(events.isAnySet)
  }
}

extension Netlist {
  /// A name that an expression has by its content: a signal's own, else that of the first signal in it and a hash of
  /// the whole.
  func contentName(of node: NodeID) -> String {
    if case .reference(let signal) = self[node] { return self[signal].name }
    var known: [NodeID: (first: String?, hash: UInt64)] = [:]
    func content(_ id: NodeID) -> (first: String?, hash: UInt64) {
      if let result = known[id] { return result }
      var hash = FNV1a()
      hash.combine(width(of: id))
      var first: String?
      switch self[id] {
      case .reference(let signal):
        first = self[signal].name
        hash.combine(self[signal].name)
      case .constant(let value): hash.combine(value.hexadecimal)
      case let operation:
        hash.combine(operation.symbol)
        for operand in operation.operands {
          let part = content(operand)
          hash.combine(part.hash)
          first = first ?? part.first
        }
      }
      known[id] = (first, hash.value)
      return (first, hash.value)
    }
    let (first, hash) = content(node)
    return "\(first ?? "constant")_\(String(hash & 0xff_ffff, radix: 16))"
  }
}

extension Netlist.Node {
  /// What the node does to its operands, as text that tells it from every other operation.
  fileprivate var symbol: String {
    switch self {
    case .constant: "constant"
    case .reference: "reference"
    case .add: "add"
    case .subtract: "subtract"
    case .multiply(_, _, let signed): signed ? "multiply signed" : "multiply"
    case .bitwise(let operation, _, _): "bitwise \(operation)"
    case .not: "not"
    case .compare(let comparison, _, _): "compare \(comparison)"
    case .reduce(let operation, _): "reduce \(operation)"
    case .shift(let direction, _, _): "shift \(direction)"
    case .select: "select"
    case .element: "element"
    case .slice(_, let low): "slice \(low)"
    case .concatenate: "concatenate"
    case .extend(_, let signed): signed ? "extend signed" : "extend"
    }
  }
}
