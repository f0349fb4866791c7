/// An expression's place outside all other expressions.
enum VerilogRoot {
  /// The whole right side of an assignment: its width and sign rules are the expression's own.
  case value(Netlist.NodeID)
  /// Any other place: a condition, the subject of a match, an address.
  case operand(Netlist.NodeID)

  var node: Netlist.NodeID {
    switch self {
    case .value(let node), .operand(let node): node
    }
  }
}

extension Netlist {
  /// What statements read, in order.
  func visitRoots(of statements: [Statement], _ visit: (VerilogRoot) -> Void) {
    for statement in statements {
      switch statement {
      case .assign(_, _, let value, _): visit(.value(value))
      case .when(let condition, let then, let otherwise, _):
        visit(.operand(condition))
        visitRoots(of: then, visit)
        visitRoots(of: otherwise, visit)
      case .match(let subject, let cases, let fallback, _):
        visit(.operand(subject))
        for item in cases { visitRoots(of: item.body, visit) }
        visitRoots(of: fallback, visit)
      case .write(_, let address, let data, _, _):
        visit(.operand(address))
        visit(.value(data))
      }
    }
  }

  /// The bit that must be one for a process to run at a clock edge, if there is such a condition.
  func enable(of process: Process) -> NodeID? {
    guard case .clocked = process.kind, let target = process.targets.first,
      case .register(let register) = self[target].role
    else { return nil }
    return register.enable
  }

  /// All that a process reads, its enable included.
  func visitRoots(of process: Process, _ visit: (VerilogRoot) -> Void) {
    if let enable = enable(of: process) { visit(.operand(enable)) }
    visitRoots(of: process.statements, visit)
  }

  /// The signals that anything reads.
  func readSignals() -> [SignalID] {
    var roots = properties.map(\.condition)
    for index in processes.indices { visitRoots(of: processes[index]) { roots.append($0.node) } }
    for memory in memories {
      for read in memory.reads { visitRoots(of: read) { roots.append($0.node) } }
    }
    var reader = SignalReader(self)
    return reader.signals(behind: roots)
  }

  /// All that a memory's read port reads.
  func visitRoots(of read: MemoryRead, _ visit: (VerilogRoot) -> Void) {
    visit(.operand(read.address))
    if let enable = read.enable { visit(.operand(enable)) }
  }
}
