/// Turns the statements of a body into the processes of a netlist: names what each assignment drives, and sorts
/// statements by what they drive.
struct Lowering {
  private let scope: Scope
  private var netlist: Netlist
  /// Registers that statements of one tree assign, joined.
  private var parents: [Int32]

  init(scope: Scope) {
    self.scope = scope
    netlist = scope.netlist
    parents = []
  }

  /// Where a statement belongs.
  private enum Group: Hashable {
    /// All statements that drive a combinational signal.
    case combinational(Netlist.SignalID)
    /// The statements that drive one of the registers that share a tree.
    indirect case registers(Int32, Domain, hasReset: Bool, enable: Netlist.NodeID?)
    /// The writes to a memory.
    case memory(Netlist.MemoryID)
  }

  /// The statements of each group, in the order in which groups first occur.
  private struct Groups {
    private(set) var list: [(group: Group, statements: [Netlist.Statement])] = []
    /// The position of each combinational signal's group in the list, or -1.
    private var ofSignal: [Int32]
    private var others: [Group: Int] = [:]

    init(signals: Int) { ofSignal = [Int32](repeating: -1, count: signals) }

    mutating func add(_ statement: Netlist.Statement, to group: Group) {
      if let position = position(of: group) { return list[position].statements.append(statement) }
      if case .combinational(let signal) = group {
        ofSignal[Int(signal.index)] = Int32(list.count)
      } else {
        others[group] = list.count
      }
      list.append((group, [statement]))
    }

    private func position(of group: Group) -> Int? {
      guard case .combinational(let signal) = group else { return others[group] }
      let position = ofSignal[Int(signal.index)]
      return position < 0 ? nil : Int(position)
    }
  }

  /// The netlist with its processes.
  mutating func run(_ body: Circuit) -> Netlist {
    let properties = scope.hasProperties ? scope.builder { body.properties(in: &$0) } : []
    var statements = lowered(Circuit(scope.wires + [body]), at: body.place ?? SourcePlace(file: "", line: 0))
    for collision in scope.collisions { statements += collision.resolve(in: statements, scope) }
    netlist = scope.takeNetlist()
    netlist.properties = properties
    parents = netlist.signals.indices.map { Int32($0) }
    for statement in statements {
      var registers: [Netlist.SignalID] = []
      findRegisters(in: statement, &registers)
      join(registers)
    }

    var groups = Groups(signals: netlist.signals.count)
    split(statements) { groups.add($1, to: $0) }
    for (group, statements) in groups.list { addProcesses(of: group, statements) }
    return netlist
  }

  // MARK: Targets

  private func lowered(_ circuit: Circuit, at place: SourcePlace) -> [Netlist.Statement] {
    var statements: [Netlist.Statement] = []
    lower(circuit, at: place, into: &statements)
    return statements
  }

  private func lower(_ circuit: Circuit, at outer: SourcePlace, into statements: inout [Netlist.Statement]) {
    let place = circuit.place ?? outer
    switch circuit.kind {
    case .block(let parts): for part in parts { lower(part, at: place, into: &statements) }
    case .assign(let connection):
      if let statement = assignment(connection, at: place) { statements.append(statement) }
    case .when(let condition, let then, let otherwise):
      let (then, otherwise) = (lowered(then, at: place), lowered(otherwise, at: place))
      if then.isEmpty && otherwise.isEmpty { return }
      if let value = scope.builder({ $0.constant(of: condition) }) {
        statements += value[0] ? then : otherwise
      } else {
        statements.append(.when(condition, then: then, else: otherwise, place))
      }
    case .match(let subject, let cases, let otherwise):
      let arms = cases.map { Netlist.MatchCase(patterns: $0.patterns, body: lowered($0.body, at: place)) }
      let fallback = otherwise.map { lowered($0, at: place) } ?? []
      if arms.isEmpty {
        statements += fallback
      } else {
        statements.append(.match(subject, cases: arms, default: fallback, place))
      }
    case .write(let memory, let address, let data, let low):
      statements.append(.write(memory, address: address, data: data, low: low, place))
    case .property: return
    }
  }

  private func assignment(_ connection: Circuit.Connection, at place: SourcePlace) -> Netlist.Statement? {
    guard let signal = signal(in: connection.target) else {
      scope.report(
        .direction,
        "\(scope.netlist.describe(connection.target)) stands on the side of `<==` that takes a value, but is not a "
          + "signal", at: place)
      return nil
    }
    return isDrivable(signal, at: place)
      ? assignment(of: connection.value, to: connection.target, low: 0, of: signal, place) : nil
  }

  /// The signal that a target is, or is a part or element of.
  private func signal(in target: Netlist.NodeID) -> Netlist.SignalID? {
    switch scope.builder({ $0.netlist[target] }) {
    case .reference(let signal): signal
    case .slice(let whole, _), .element(let whole, _): signal(in: whole)
    default: nil
    }
  }

  /// Gives a value to bits of a target, from `low` up; an element whose place the hardware computes is one of as many
  /// cases.
  private func assignment(
    of value: Netlist.NodeID, to target: Netlist.NodeID, low: Int, of signal: Netlist.SignalID, _ place: SourcePlace
  ) -> Netlist.Statement {
    switch scope.builder({ $0.netlist[target] }) {
    case .slice(let whole, let offset): return assignment(of: value, to: whole, low: low + offset, of: signal, place)
    case .element(let whole, let index):
      let (width, wholeWidth, indexWidth) = scope.builder {
        ($0.width(of: target), $0.width(of: whole), $0.width(of: index))
      }
      let count = wholeWidth / width
      let reach = indexWidth < Int.bitWidth - 2 ? min(count, 1 << indexWidth) : count
      return .match(
        index,
        cases: (0..<reach).map { element in
          Netlist.MatchCase(
            patterns: [BitVector(truncating: element, width: indexWidth)],
            body: [assignment(of: value, to: whole, low: low + element * width, of: signal, place)])
        }, default: [], place)
    default: return .assign(signal, low: low, value, place)
    }
  }

  private func isDrivable(_ id: Netlist.SignalID, at place: SourcePlace) -> Bool {
    let reason: String
    switch scope.builder({ $0.netlist[id].role }) {
    case .output, .wire, .register, .instanceInput, .instanceDomain: return true
    case .input: reason = "an input, which is driven from outside"
    case .instanceOutput(_, let port): reason = "the output `\(port)` of an instance, which drives it"
    case .memoryRead: reason = "what a memory reads"
    }
    scope.report(
      .direction, "`\(scope.builder { $0.netlist[id].name })` is given a value, but it is \(reason)", at: place)
    return false
  }

  // MARK: Groups

  /// Adds the registers that a statement assigns.
  private func findRegisters(in statement: Netlist.Statement, _ registers: inout [Netlist.SignalID]) {
    switch statement {
    case .assign(let signal, _, _, _): if case .register = netlist[signal].role { registers.append(signal) }
    case .when(_, let then, let otherwise, _):
      for inner in then { findRegisters(in: inner, &registers) }
      for inner in otherwise { findRegisters(in: inner, &registers) }
    case .match(_, let cases, let otherwise, _):
      for one in cases { for inner in one.body { findRegisters(in: inner, &registers) } }
      for inner in otherwise { findRegisters(in: inner, &registers) }
    case .write: break
    }
  }

  private mutating func root(_ index: Int32) -> Int32 {
    var index = index
    while parents[Int(index)] != index {
      parents[Int(index)] = parents[Int(parents[Int(index)])]
      index = parents[Int(index)]
    }
    return index
  }

  private mutating func join(_ signals: [Netlist.SignalID]) {
    guard let first = signals.first else { return }
    for signal in signals.dropFirst() {
      let (a, b) = (root(first.index), root(signal.index))
      parents[Int(max(a, b))] = min(a, b)
    }
  }

  private mutating func group(of signal: Netlist.SignalID) -> Group {
    guard case .register(let register) = netlist[signal].role else { return .combinational(signal) }
    return .registers(
      root(signal.index), register.domain, hasReset: register.resetValue != nil, enable: register.enable)
  }

  /// Hands each statement to the groups that it, or something inside it, belongs to.
  private mutating func split(_ statements: [Netlist.Statement], into add: (Group, Netlist.Statement) -> Void) {
    for statement in statements {
      switch statement {
      case .assign(let signal, _, _, _): add(group(of: signal), statement)
      case .write(let memory, _, _, _, _): add(.memory(memory), statement)
      case .when(let condition, let then, let otherwise, let place):
        var parts = Parts()
        split(then) { parts.add($0, $1, 0) }
        split(otherwise) { parts.add($0, $1, 1) }
        for group in parts.order {
          add(
            group,
            .when(condition, then: parts.statements(group, 0), else: parts.statements(group, 1), place))
        }
      case .match(let subject, let cases, let otherwise, let place):
        var parts = Parts()
        for (index, one) in cases.enumerated() { split(one.body) { parts.add($0, $1, index) } }
        split(otherwise) { parts.add($0, $1, cases.count) }
        for group in parts.order {
          add(
            group,
            .match(
              subject,
              cases: cases.enumerated().map {
                Netlist.MatchCase(patterns: $0.element.patterns, body: parts.statements(group, $0.offset))
              }, default: parts.statements(group, cases.count), place))
        }
      }
    }
  }

  /// The statements of the branches of one statement, by group.
  private struct Parts {
    var order: [Group] = []
    private var branches: [Group: [Int: [Netlist.Statement]]] = [:]

    mutating func add(_ group: Group, _ statement: Netlist.Statement, _ branch: Int) {
      if branches[group] == nil { order.append(group) }
      branches[group, default: [:]][branch, default: []].append(statement)
    }

    func statements(_ group: Group, _ branch: Int) -> [Netlist.Statement] { branches[group]?[branch] ?? [] }
  }

  /// Adds a group's statements as processes: one, or one a statement where plain assignments drive parts of a signal.
  private mutating func addProcesses(of group: Group, _ statements: [Netlist.Statement]) {
    func add(_ kind: Netlist.Process.Kind, _ statements: [Netlist.Statement], _ targets: [Netlist.SignalID]) {
      netlist.processes.append(Netlist.Process(kind: kind, statements: statements, targets: targets))
    }
    switch group {
    case .memory(let memory): add(.memoryWrite(memory), statements, [])
    case .registers(_, let domain, _, _):
      var registers: [Netlist.SignalID] = []
      for statement in statements { findRegisters(in: statement, &registers) }
      add(.clocked(domain), statements, Set(registers).sorted { $0.index < $1.index })
    case .combinational(let signal):
      let targets = [signal]
      if statements.count > 1, statements.allSatisfy({ if case .assign = $0 { true } else { false } }) {
        for statement in statements { add(.combinational, [statement], targets) }
      } else {
        add(.combinational, statements, targets)
      }
    }
  }
}

extension Netlist {
  /// Brings the processes into the order of the first signals that they drive, writes to memories last.
  mutating func sortProcesses() {
    let keys = processes.indices.map { (signal: processes[$0].targets.first?.index ?? .max, position: $0) }
    if zip(keys, keys.dropFirst()).allSatisfy({ $0.signal <= $1.signal }) { return }
    processes = keys.sorted(by: <).map { processes[$0.position] }
  }
}
