extension Design {
  /// The hardware alone, as if its properties had not been written.
  func withoutProperties() -> Design {
    if modules.allSatisfy(\.properties.isEmpty) { return self }
    var result = self
    for index in result.modules.indices { result.modules[index].dropProperties(modules: result.modules) }
    return result
  }
}

extension Netlist {
  /// Removes the properties, and with them the signals and memory ports that nothing else reads. What a user's own
  /// logic leaves unread, but no property reads either, stays.
  ///
  /// - Parameter modules: The modules before this one, their properties removed.
  fileprivate mutating func dropProperties(modules: [Netlist]) {
    if !properties.isEmpty {
      dropUnreadMemories()
      let behind = fanIn(of: properties.map(\.condition))
      properties = []
      let kept = signalIDs.filter { !behind.contains($0) || !isInner($0) }
      remove(behind.subtracting(live(from: kept)).filter(isInner))
    }
    domains = domainUses { modules[$0].domains }
  }

  /// Whether a signal is none of the module's or of an instance's ports.
  private func isInner(_ id: SignalID) -> Bool {
    switch self[id].role {
    case .wire, .register, .memoryRead: true
    case .input, .output, .instanceInput, .instanceOutput, .instanceDomain: false
    }
  }

  /// All that decides about signals: themselves, and what their values come from.
  private func live(from roots: [SignalID]) -> Set<SignalID> {
    let reads = sources()
    var live = Set(roots)
    var stack = roots
    while let signal = stack.popLast() {
      for source in reads[signal] ?? [] where live.insert(source).inserted { stack.append(source) }
    }
    return live
  }

  private func fanIn(of nodes: [NodeID]) -> Set<SignalID> {
    var reader = SignalReader(self)
    return live(from: reader.signals(behind: nodes))
  }

  /// The signals that each signal takes its value from.
  private func sources() -> [SignalID: [SignalID]] {
    var reader = SignalReader(self)
    var result: [SignalID: [SignalID]] = [:]
    var written: [MemoryID: [SignalID]] = [:]
    for process in processes {
      var roots: [NodeID] = []
      visitRoots(of: process) { roots.append($0.node) }
      let signals = reader.signals(behind: roots)
      for target in process.targets { result[target, default: []] += signals }
      if case .memoryWrite(let memory) = process.kind { written[memory, default: []] += signals }
    }
    for (index, memory) in memories.enumerated() {
      for read in memory.reads {
        var roots: [NodeID] = []
        visitRoots(of: read) { roots.append($0.node) }
        result[read.data, default: []] +=
          reader.signals(behind: roots) + (written[MemoryID(index: Int32(index))] ?? [])
      }
    }
    return result
  }

  private mutating func remove(_ signals: Set<SignalID>) {
    if signals.isEmpty { return }
    for index in memories.indices { memories[index].reads.removeAll { signals.contains($0.data) } }
    processes = processes.compactMap { process in
      if case .memoryWrite(let memory) = process.kind { return self[memory].reads.isEmpty ? nil : process }
      var process = process
      let targets = process.targets.filter { !signals.contains($0) }
      if targets.count == process.targets.count { return process }
      if targets.isEmpty { return nil }
      process.targets = targets
      process.statements = process.statements.compactMap { $0.without(signals) }
      return process
    }
    var rewriter = NetlistRewriter(self) { _, _, _, _ in nil }
    self = rewriter.finish()
    renumberSignals(
      first: self.signals.count, order: self.signals.indices.filter { !signals.contains(SignalID(index: Int32($0))) })
    sortProcesses()
  }
}

extension Netlist.Statement {
  /// The statement without assignments to some signals; `nil` where nothing is left.
  fileprivate func without(_ signals: Set<Netlist.SignalID>) -> Netlist.Statement? {
    switch self {
    case .assign(let signal, _, _, _): return signals.contains(signal) ? nil : self
    case .write: return self
    case .when(let condition, let then, let otherwise, let place):
      let (first, second) = (then.compactMap { $0.without(signals) }, otherwise.compactMap { $0.without(signals) })
      return first.isEmpty && second.isEmpty ? nil : .when(condition, then: first, else: second, place)
    case .match(let subject, let cases, let fallback, let place):
      let rest = fallback.compactMap { $0.without(signals) }
      let items = cases.map { item in
        Netlist.MatchCase(patterns: item.patterns, body: item.body.compactMap { $0.without(signals) })
      }
      if rest.isEmpty, items.allSatisfy(\.body.isEmpty) { return nil }
      return .match(subject, cases: items, default: rest, place)
    }
  }
}
