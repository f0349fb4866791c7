extension Netlist {
  /// Separates processes, and then signals, that look like loops to a tool and are none bit by bit.
  mutating func separateLoops(interfaces: [CombinationalInterface]) {
    var circles = self.circles(interfaces)
    if partProcesses(on: circles) { circles = self.circles(interfaces) }
    splitSignals(on: circles)
  }

  /// The processes that lie on a circle of drivers, as groups.
  private func circles(_ interfaces: [CombinationalInterface]) -> [[Int]] {
    if !hasChains(through: { !interfaces[$0].sources.isEmpty }) { return [] }
    let graph = CombinationalGraph(self, interfaces: interfaces)
    return graph.circles().map { $0.compactMap(graph.process) }
  }

  /// Gives every target a process of its own where a process reads, at once or through others, what it drives itself:
  /// carried out in order, it would see values of the last time. Returns whether there was any.
  private mutating func partProcesses(on circles: [[Int]]) -> Bool {
    var toPart: Set<Int> = []
    for process in circles.joined() where processes[process].targets.count > 1 { toPart.insert(process) }
    if toPart.isEmpty { return false }
    processes = processes.enumerated().flatMap { number, process in
      toPart.contains(number) ? process.targets.map { process.projected(onto: [$0]) } : [process]
    }
    return true
  }

  /// Splits a signal into parts with names of their own where the parts feed each other, which would look like a loop,
  /// or where several processes drive them, one of them under conditions.
  private mutating func splitSignals(on circles: [[Int]]) {
    var special: Set<Int> = []
    var candidates: Set<SignalID> = []
    for process in circles.joined() {
      special.insert(process)
      candidates.formUnion(processes[process].targets)
    }
    candidates.formUnion(sharedSignals())
    let splits = splitParts(of: candidates)
    if splits.isEmpty { return }
    split(splits, special: special)
  }

  /// Signals that several processes drive, at least one of them under conditions.
  private func sharedSignals() -> Set<SignalID> {
    var conditional: Set<SignalID> = []
    var count = [Int32](repeating: 0, count: signals.count)
    for index in processes.indices where processes[index].kind == .combinational {
      for target in processes[index].targets { count[Int(target.index)] += 1 }
      if !processes[index].isUnconditional { conditional.formUnion(processes[index].targets) }
    }
    return conditional.filter { count[Int($0.index)] > 1 }
  }

  /// The lowest bits of the parts of each candidate that has more than one, in ascending order.
  private func splitParts(of candidates: Set<SignalID>) -> [SignalID: [Int]] {
    if candidates.isEmpty { return [:] }
    var bounds: [SignalID: Set<Int>] = [:]
    func cut(_ signal: SignalID, _ low: Int, _ width: Int) {
      bounds[signal, default: []].formUnion([low, low + width])
    }
    func visit(_ statements: [Statement]) {
      for statement in statements {
        switch statement {
        case .assign(let signal, let low, let value, _):
          if candidates.contains(signal) { cut(signal, low, width(of: value)) }
        case .when(_, let then, let otherwise, _):
          visit(then)
          visit(otherwise)
        case .match(_, let cases, let fallback, _):
          for item in cases { visit(item.body) }
          visit(fallback)
        case .write: break
        }
      }
    }
    for process in processes where process.kind == .combinational { visit(process.statements) }
    for (index, node) in nodes.enumerated() {
      guard case .slice(let base, let low) = node, case .reference(let signal) = self[base],
        candidates.contains(signal)
      else { continue }
      cut(signal, low, Int(nodeWidths[index]))
    }
    return bounds.compactMapValues { cuts in
      let lows = cuts.sorted().dropLast()
      return lows.count > 1 ? Array(lows) : nil
    }
  }

  private struct Part {
    var signal: SignalID
    var low: Int
    var width: Int
  }

  private mutating func split(_ lows: [SignalID: [Int]], special: Set<Int>) {
    var result = self
    var parts: [SignalID: [Part]] = [:]
    let names = SignalNames(self)
    for id in lows.keys.sorted(by: { $0.index < $1.index }) {
      let signal = self[id]
      let bounds = (lows[id] ?? []) + [signal.width]
      for (low, end) in zip(bounds, bounds.dropFirst()) {
        let name = names.freeName(signal.name + signal.partSuffix(low: low, width: end - low))
        parts[id, default: []].append(
          Part(signal: SignalID(index: Int32(result.signals.count)), low: low, width: end - low))
        result.signals.append(
          Signal(name: name, width: end - low, role: .wire, format: .bits, place: signal.place))
      }
    }
    let known = parts
    var rewriter = NetlistRewriter(result) { builder, node, _, isSpecial in
      guard isSpecial, case .reference(let signal) = node, let parts = known[signal] else { return nil }
      return builder.concatenate(parts.reversed().map { builder.reference($0.signal) })
    }
    _ = rewriter.finish(special: special)
    result = rewriter.withBuilder { builder in
      var processes: [Process] = []
      for process in builder.netlist.processes {
        guard process.kind == .combinational, process.targets.contains(where: { known[$0] != nil }) else {
          processes.append(process)
          continue
        }
        let statements = Self.splitting(process.statements, known, in: &builder)
        if process.isUnconditional {
          processes += statements.compactMap { statement in
            guard case .assign(let part, _, _, _) = statement else { return nil }
            return Process(kind: .combinational, statements: [statement], targets: [part])
          }
          continue
        }
        for target in process.targets {
          let targets = known[target]?.map(\.signal) ?? [target]
          for part in targets {
            let own = Process(kind: .combinational, statements: statements, targets: [part]).projected(onto: [part])
            if !own.statements.isEmpty { processes.append(own) }
          }
        }
      }
      for id in known.keys.sorted(by: { $0.index < $1.index }) {
        let value = builder.concatenate((known[id] ?? []).reversed().map { builder.reference($0.signal) })
        let whole = Statement.assign(id, low: 0, value, self[id].place)
        processes.append(Process(kind: .combinational, statements: [whole], targets: [id]))
      }
      builder.netlist.processes = processes
      return builder.netlist
    }
    self = result
  }

  /// Statements with every assignment to a split signal made to its parts.
  private static func splitting(
    _ statements: [Statement], _ parts: [SignalID: [Part]], in builder: inout NetlistBuilder
  )
    -> [Statement]
  {
    var result: [Statement] = []
    for statement in statements {
      switch statement {
      case .assign(let signal, let low, let value, let place):
        guard let parts = parts[signal] else {
          result.append(statement)
          continue
        }
        let end = low + builder.width(of: value)
        for part in parts where part.low >= low && part.low + part.width <= end {
          let piece = builder.slice(value, low: part.low - low, width: part.width)
          result.append(.assign(part.signal, low: 0, piece, place))
        }
      case .when(let condition, let then, let otherwise, let place):
        let first = splitting(then, parts, in: &builder)
        let second = splitting(otherwise, parts, in: &builder)
        result.append(.when(condition, then: first, else: second, place))
      case .match(let subject, let cases, let fallback, let place):
        let items = cases.map { MatchCase(patterns: $0.patterns, body: splitting($0.body, parts, in: &builder)) }
        result.append(.match(subject, cases: items, default: splitting(fallback, parts, in: &builder), place))
      case .write: result.append(statement)
      }
    }
    return result
  }
}

extension Netlist.Process {
  /// The process with only what drives `targets`.
  func projected(onto targets: [Netlist.SignalID]) -> Netlist.Process {
    Netlist.Process(kind: kind, statements: Self.projected(statements, onto: targets), targets: targets)
  }

  private static func projected(_ statements: [Netlist.Statement], onto targets: [Netlist.SignalID])
    -> [Netlist.Statement]
  {
    statements.compactMap { statement in
      switch statement {
      case .assign(let signal, _, _, _): return targets.contains(signal) ? statement : nil
      case .write: return nil
      case .when(let condition, let then, let otherwise, let place):
        let first = projected(then, onto: targets)
        let second = projected(otherwise, onto: targets)
        return first.isEmpty && second.isEmpty ? nil : .when(condition, then: first, else: second, place)
      case .match(let subject, let cases, let fallback, let place):
        let items = cases.map { Netlist.MatchCase(patterns: $0.patterns, body: projected($0.body, onto: targets)) }
        let rest = projected(fallback, onto: targets)
        if rest.isEmpty, items.allSatisfy({ $0.body.isEmpty }) { return nil }
        return .match(subject, cases: items, default: rest, place)
      }
    }
  }
}
