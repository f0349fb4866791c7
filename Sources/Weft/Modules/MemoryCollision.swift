/// A read port whose mode needs the memory's writes, which are known when the whole body is.
struct MemoryCollision {
  var memory: Netlist.MemoryID
  /// The index of the read port.
  var read: Int
  var mode: MemoryReadMode
  /// The signal that the port gives.
  var result: Netlist.SignalID
  var place: SourcePlace
}

extension MemoryCollision {
  /// One write, and the condition under which it happens.
  private struct Write {
    var condition: Netlist.NodeID
    var address: Netlist.NodeID
    var data: Netlist.NodeID
    var low: Int
  }

  /// What makes the port keep its mode beside the writes among these statements.
  func resolve(in statements: [Netlist.Statement], _ scope: Scope) -> [Netlist.Statement] {
    let always = scope.constant(BitVector(truncating: 1, width: 1))
    var writes: [Write] = []
    collect(statements, always, scope, &writes)
    let enable = scope.builder { $0.netlist[memory].reads[read].enable } ?? always
    if mode == .noChange {
      let isIdle = scope.builder { builder in
        let any = writes.map(\.condition).reduce(nil as Netlist.NodeID?) { sum, one in
          sum.map { builder.bitwise(.or, $0, one) } ?? one
        }
        return any.map { builder.not($0) } ?? always
      }
      scope.builder { $0.netlist[memory].reads[read].enable = $0.bitwise(.and, enable, isIdle) }
      return []
    }
    return bypass(writes, enable, always, scope)
  }

  /// Registers that keep what was written to the word at the edge it was read, and the choice between it and the word.
  private func bypass(
    _ writes: [Write], _ enable: Netlist.NodeID, _ always: Netlist.NodeID, _ scope: Scope
  ) -> [Netlist.Statement] {
    let (port, width, domain) = scope.builder {
      ($0.netlist[result].name, $0.netlist[memory].width, $0.netlist[memory].domain)
    }
    let data = scope.builder { $0.netlist[memory].reads[read].data }
    let address = scope.builder { $0.netlist[memory].reads[read].address }
    let isInside = scope.builder { builder in
      let (bits, depth) = (builder.width(of: address), builder.netlist[memory].depth)
      return bits < Int.bitWidth - 2 && depth < 1 << bits
        ? builder.compare(.less, address, builder.constant(BitVector(truncating: depth, width: bits))) : always
    }
    var value = scope.builder { $0.reference(data) }
    var statements: [Netlist.Statement] = []
    func register(_ name: String, _ next: Netlist.NodeID) -> Netlist.NodeID {
      let bits = scope.builder { $0.width(of: next) }
      scope.add(
        name, .bits(bits),
        .register(
          .init(domain: domain, initialValue: BitVector(zero: bits), enable: isConstant(enable, scope) ? nil : enable)),
        at: place)
      guard let id = scope.signalID(named: name) else { return next }
      statements.append(.assign(id, low: 0, next, place))
      return scope.builder { $0.reference(id) }
    }
    for (index, write) in writes.enumerated() {
      let suffix = writes.count > 1 ? "\(index)" : ""
      let isSame = scope.builder { builder in
        let isHere = builder.bitwise(.and, isInside, builder.compare(.equal, address, write.address))
        return builder.bitwise(.and, write.condition, isHere)
      }
      let isHit = register("\(port)_hit\(suffix)", isSame)
      let written = register("\(port)_written\(suffix)", write.data)
      value = scope.builder { builder in
        let high = write.low + builder.width(of: written)
        let part = builder.slice(value, low: write.low, width: high - write.low)
        var parts = [builder.select(isHit, written, part)]
        if write.low > 0 { parts.append(builder.slice(value, low: 0, width: write.low)) }
        if high < width { parts.insert(builder.slice(value, low: high, width: width - high), at: 0) }
        return builder.concatenate(parts)
      }
    }
    return statements + [.assign(result, low: 0, value, place)]
  }

  private func isConstant(_ node: Netlist.NodeID, _ scope: Scope) -> Bool {
    scope.builder { $0.constant(of: node) != nil }
  }

  /// Adds the writes to the memory among statements that run where `condition` is one.
  private func collect(
    _ statements: [Netlist.Statement], _ condition: Netlist.NodeID, _ scope: Scope, _ writes: inout [Write]
  ) {
    func both(_ a: Netlist.NodeID, _ b: Netlist.NodeID) -> Netlist.NodeID { scope.builder { $0.bitwise(.and, a, b) } }
    for statement in statements {
      switch statement {
      case .assign: continue
      case .write(let id, let address, let data, let low, _):
        if id == memory { writes.append(Write(condition: condition, address: address, data: data, low: low)) }
      case .when(let bit, let then, let otherwise, _):
        if then.contains(where: \.writesMemory) { collect(then, both(condition, bit), scope, &writes) }
        if otherwise.contains(where: \.writesMemory) {
          collect(otherwise, both(condition, scope.builder { $0.not(bit) }), scope, &writes)
        }
      case .match(let subject, let cases, let otherwise, _):
        guard statement.writesMemory else { continue }
        var isOther = condition
        for one in cases {
          let isHere = scope.builder { builder in
            let hits = one.patterns.map { builder.compare(.equal, subject, builder.constant($0)) }
            return hits.dropFirst().reduce(hits[0]) { builder.bitwise(.or, $0, $1) }
          }
          collect(one.body, both(isOther, isHere), scope, &writes)
          isOther = both(isOther, scope.builder { $0.not(isHere) })
        }
        collect(otherwise, isOther, scope, &writes)
      }
    }
  }
}

extension Netlist.Statement {
  /// Whether the statement, or one inside it, writes a memory.
  fileprivate var writesMemory: Bool {
    switch self {
    case .assign: false
    case .write: true
    case .when(_, let then, let otherwise, _): (then + otherwise).contains(where: \.writesMemory)
    case .match(_, let cases, let otherwise, _): (cases.flatMap(\.body) + otherwise).contains(where: \.writesMemory)
    }
  }
}
