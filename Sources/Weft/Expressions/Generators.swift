extension Collection {
  /// All elements combined in a balanced tree; there is at least one.
  public func reduceTree(_ combine: (Element, Element) -> Element) -> Element {
    var level = Array(self)
    precondition(!level.isEmpty, "a tree needs at least one element")
    while level.count > 1 {
      var next: [Element] = []
      next.reserveCapacity((level.count + 1) / 2)
      var index = 0
      while index + 1 < level.count {
        next.append(combine(level[index], level[index + 1]))
        index += 2
      }
      if index < level.count { next.append(level[index]) }
      level = next
    }
    return level[0]
  }
}

extension Signal {
  /// The value as it was `cycles` clock edges ago: a chain of registers, named after the declaration in which this
  /// stands and the signal it delays, unless `named` says otherwise.
  ///
  /// - Parameters:
  ///   - enable: Edges at which it is zero do not count.
  ///   - resets: Whether the registers are zero under their domain's reset; without that they have none.
  public func delayed(
    by cycles: Int, enable: Bit = 1, resets: Bool = false, named: String? = nil, domain: Domain = .main,
    file: String = #fileID, line: Int = #line
  ) -> Self {
    let scope = Scope.current
    guard cycles > 0 else { return self }
    let place = scope.evaluatingPlace ?? SourcePlace(file: file, line: line)
    let first = leaves.first.map(scope.node)
    let source = first.map { node in scope.builder { $0.netlist.shortName(of: node) } } ?? ""
    let name = named ?? (scope.evaluatingPlace == nil ? source : "\(scope.generatedName(""))_\(source)")
    let enableNode = scope.node(scope.sized(enable.operand, width: 1))
    let isAlways = scope.builder { $0.constant(of: enableNode)?.isAllOnes == true }
    var value = self
    for cycle in 1...cycles {
      let stage = "\(name)_delay\(cycle)"
      let inputs = value.leaves.map(scope.node) + (isAlways ? [] : [enableNode])
      value = scope.generated(stage, from: inputs, at: place) {
        let register: Self = scope.signal(stage, Shape(value.signalLayout), at: place) { leaf, _ in
          let zero = BitVector(zero: leaf.layout.width)
          return .register(
            Netlist.Register(
              domain: domain, resetValue: resets ? zero : nil, initialValue: zero, enable: isAlways ? nil : enableNode))
        }
        scope.wires.append(Circuit(connecting: register, to: value, at: place))
        return register
      }
    }
    return value
  }
}

extension Netlist {
  /// A name for an expression after the signal it begins with.
  fileprivate func shortName(of node: NodeID) -> String {
    if case .reference(let signal) = self[node] { return self[signal].name }
    return self[node].operands.first.map(shortName) ?? "constant"
  }
}

extension Collection where Element == Signed {
  /// The exact sum, through a balanced tree of adders; of nothing, zero.
  public func sum() -> Signed { isEmpty ? 0 : reduceTree(+) }
}

extension Collection where Element == Unsigned {
  /// The exact sum, through a balanced tree of adders; of nothing, zero.
  public func sum() -> Unsigned { isEmpty ? 0 : reduceTree(+) }
}

extension Collection where Element == Bit {
  /// Whether every bit is one.
  public var areAllSet: Bit { isEmpty ? 1 : reduceTree(&) }
  /// Whether any bit is one.
  public var isAnySet: Bit { isEmpty ? 0 : reduceTree(|) }
}
