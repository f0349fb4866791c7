extension Netlist {
  /// Replaces what tools warn of as always true or false: comparisons with the least or the greatest number or of
  /// single bits, shifts by amounts of more bits than any vector has, statements under constant conditions, defaults
  /// that are never reached, conditions over no statement, and wires that are constant.
  mutating func foldConstantConditions() {
    let constants = constantSignals()
    if constants.isEmpty, !hasFoldableNode,
      !processes.indices.contains(where: { hasIdleCondition(processes[$0].statements) })
    {
      return
    }
    var rewriter = NetlistRewriter(self) { builder, node, _, _ in
      switch node {
      case .reference(let signal): constants[signal].map { builder.constant($0) }
      case .compare(let comparison, let a, let b): Self.fold(comparison, a, b, in: &builder)
      case .shift(let direction, let a, let amount): Self.fold(direction, a, amount, in: &builder)
      default: nil
      }
    }
    var result = rewriter.finish()
    for index in result.processes.indices {
      result.processes[index].statements = result.withoutIdleConditions(result.processes[index].statements)
    }
    result.processes.removeAll { $0.isMemoryWrite && $0.statements.isEmpty }
    self = result
  }

  private static let widestAmount = 31

  /// Wires that one constant drives.
  private func constantSignals() -> [SignalID: BitVector] {
    var result: [SignalID: BitVector] = [:]
    for index in processes.indices where processes[index].kind == .combinational && processes[index].isUnconditional {
      for case .assign(let signal, _, let value, _) in processes[index].statements {
        if let value = constant(value), value.width == self[signal].width { result[signal] = value }
      }
    }
    if result.isEmpty { return [:] }
    // A later assignment in the same process would override the constant.
    for process in processes where process.kind == .combinational {
      for case .assign(let signal, _, let value, _) in process.statements where constant(value) == nil {
        result[signal] = nil
      }
    }
    return result
  }

  private var hasFoldableNode: Bool {
    nodes.contains { node in
      switch node {
      case .compare(.less, let a, let b), .compare(.lessSigned, let a, let b):
        isConstant(a) || isConstant(b) || width(of: a) == 1
      case .shift(_, _, let amount): width(of: amount) > Self.widestAmount
      default: false
      }
    }
  }

  private func constant(_ id: NodeID) -> BitVector? { if case .constant(let value) = self[id] { value } else { nil } }
  private func isConstant(_ id: NodeID) -> Bool { constant(id) != nil }

  private static func fold(_ comparison: Comparison, _ a: NodeID, _ b: NodeID, in builder: inout NetlistBuilder)
    -> NodeID?
  {
    if comparison == .equal { return nil }
    let width = builder.width(of: a)
    if width == 1 {
      return comparison == .less
        ? builder.bitwise(.and, builder.not(a), b) : builder.bitwise(.and, a, builder.not(b))
    }
    var least = BitVector(zero: width)
    if comparison == .lessSigned { least[width - 1] = true }
    let isNever = builder.constant(of: b) == least || builder.constant(of: a) == least.inverted
    return isNever ? builder.constant(BitVector(zero: 1)) : nil
  }

  /// A shift by a wide amount as one by a narrow amount, and its last result where the amount has higher bits.
  private static func fold(_ direction: ShiftDirection, _ a: NodeID, _ amount: NodeID, in builder: inout NetlistBuilder)
    -> NodeID?
  {
    let total = builder.width(of: amount)
    if total <= widestAmount || builder.constant(of: amount) != nil { return nil }
    let width = builder.width(of: a)
    let isFar = builder.reduce(.or, builder.slice(amount, low: widestAmount, width: total - widestAmount))
    let near = builder.shift(direction, a, by: builder.slice(amount, low: 0, width: widestAmount))
    let far =
      direction == .rightArithmetic
      ? builder.extend(builder.slice(a, low: width - 1, width: 1), to: width, signed: true)
      : builder.constant(BitVector(zero: width))
    return builder.select(isFar, far, near)
  }

  private func hasIdleCondition(_ statements: [Statement]) -> Bool {
    statements.contains { statement in
      switch statement {
      case .assign: false
      case .write(let memory, let address, _, _, _): MemoryShape(self[memory]).neverHolds(address, in: self)
      case .when(let condition, let then, let otherwise, _):
        isConstant(condition) || then.isEmpty && otherwise.isEmpty || hasIdleCondition(then)
          || hasIdleCondition(otherwise)
      case .match(let subject, let cases, let fallback, _):
        isConstant(subject) || withoutZeros(subject) != nil || fallback.isEmpty && cases.allSatisfy(\.body.isEmpty)
          || !fallback.isEmpty && coversAll(cases, of: subject)
          || cases.contains { hasIdleCondition($0.body) } || hasIdleCondition(fallback)
      }
    }
  }

  /// Whether some case holds for every value of the subject, so that the default is never reached.
  private func coversAll(_ cases: [MatchCase], of subject: NodeID) -> Bool {
    let width = width(of: subject)
    return width < Int.bitWidth - 2 && cases.reduce(0) { $0 + $1.patterns.count } == 1 << width
  }

  /// What a subject is that has zeros above something else. Verilator 5.006 forgets such zeros in some conditions.
  private func withoutZeros(_ subject: NodeID) -> NodeID? {
    if case .extend(let inner, signed: false) = self[subject] { inner } else { nil }
  }

  /// The cases for a subject without the zeros above it; none of those that want a one there.
  private func cases(_ cases: [MatchCase], narrowedTo width: Int) -> [MatchCase] {
    cases.compactMap { item in
      let patterns = item.patterns.filter { pattern in
        (width..<pattern.width).allSatisfy { !pattern[$0] }
      }
      if patterns.isEmpty { return nil }
      return MatchCase(patterns: patterns.map { $0.slice(low: 0, width: width) }, body: item.body)
    }
  }

  private func withoutIdleConditions(_ statements: [Statement]) -> [Statement] {
    statements.flatMap { statement -> [Statement] in
      switch statement {
      case .assign: return [statement]
      case .write(let memory, let address, _, _, _):
        return MemoryShape(self[memory]).neverHolds(address, in: self) ? [] : [statement]
      case .when(let condition, let then, let otherwise, let place):
        if let value = constant(condition) { return withoutIdleConditions(value[0] ? then : otherwise) }
        let first = withoutIdleConditions(then)
        let second = withoutIdleConditions(otherwise)
        return first.isEmpty && second.isEmpty ? [] : [.when(condition, then: first, else: second, place)]
      case .match(let subject, let cases, let fallback, let place):
        if let value = constant(subject) {
          return withoutIdleConditions(cases.first { $0.patterns.contains(value) }?.body ?? fallback)
        }
        if let inner = withoutZeros(subject) {
          let narrowed = self.cases(cases, narrowedTo: width(of: inner))
          return withoutIdleConditions(
            narrowed.isEmpty ? fallback : [.match(inner, cases: narrowed, default: fallback, place)])
        }
        let items = cases.map { MatchCase(patterns: $0.patterns, body: withoutIdleConditions($0.body)) }
        let rest = coversAll(cases, of: subject) ? [] : withoutIdleConditions(fallback)
        if rest.isEmpty, items.allSatisfy(\.body.isEmpty) { return [] }
        return [.match(subject, cases: items, default: rest, place)]
      }
    }
  }
}
