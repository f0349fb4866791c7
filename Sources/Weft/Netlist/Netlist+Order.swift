extension Netlist {
  /// The clock domains of a module and its children, in order of first use.
  ///
  /// - Parameter children: The domains of the module at an index of the design.
  func domainUses(children: (Int) -> [DomainUse]) -> [DomainUse] {
    var uses: [DomainUse] = []
    func add(_ domain: Domain, usesReset: Bool) {
      if let known = uses.firstIndex(where: { $0.domain == domain }) {
        uses[known].usesReset = uses[known].usesReset || usesReset
      } else {
        uses.append(DomainUse(domain: domain, usesReset: usesReset))
      }
    }
    for index in signals.indices {
      if case .register(let register) = signals[index].role {
        add(register.domain, usesReset: register.resetValue != nil)
      }
    }
    for memory in memories {
      add(memory.domain, usesReset: false)
      for read in memory.reads { if let domain = read.domain { add(domain, usesReset: false) } }
    }
    if let blackBox {
      for domain in blackBox.domains { add(domain, usesReset: blackBox.portNames[domain.reset] != nil) }
    }
    let drives = domainDrives()
    for (index, instance) in instances.enumerated() {
      let driven = drives[InstanceID(index: Int32(index))] ?? [:]
      for use in children(instance.module) where driven[use.domain.clock] == nil {
        add(use.domain, usesReset: use.usesReset && driven[use.domain.reset] == nil)
      }
    }
    for property in properties { if let domain = property.domain { add(domain, usesReset: false) } }
    return uses
  }

  /// The signals that give the domains of instances their clocks and resets, by the names of the ports.
  package func domainDrives() -> [InstanceID: [String: SignalID]] {
    var drives: [InstanceID: [String: SignalID]] = [:]
    for index in signals.indices {
      guard case .instanceDomain(let instance, let port) = signals[index].role else { continue }
      drives[instance, default: [:]][port] = SignalID(index: Int32(index))
    }
    return drives
  }

  /// Brings the ports into the order of their declarations, before all other signals, and the processes into the order
  /// of what they drive.
  mutating func putInOrder() {
    defer { sortProcesses() }
    let ports = signals.indices.filter { signals[$0].isPort }
      .sorted {
        (signals[$0].place.file, signals[$0].place.line, $0) < (signals[$1].place.file, signals[$1].place.line, $1)
      }
    guard let last = ports.max(), !ports.elementsEqual(0...last) else { return }
    renumberSignals(first: last + 1, order: ports + (0...last).filter { !signals[$0].isPort })
  }

  /// Puts the first `count` signals into another order. Those that it leaves out are gone; nothing refers to them.
  mutating func renumberSignals(first count: Int, order: [Int]) {
    var newIndex = [Int32](repeating: 0, count: count)
    for (new, old) in order.enumerated() { newIndex[old] = Int32(new) }
    let gone = Int32(count - order.count)
    func renumbered(_ id: SignalID) -> SignalID {
      SignalID(index: Int(id.index) < count ? newIndex[Int(id.index)] : id.index - gone)
    }
    func isMoved(_ id: SignalID) -> Bool { renumbered(id) != id }
    signals.replaceSubrange(0..<count, with: order.map { signals[$0] })
    for index in nodes.indices {
      if case .reference(let signal) = nodes[index], isMoved(signal) { nodes[index] = .reference(renumbered(signal)) }
    }
    for memory in memories.indices {
      for read in memories[memory].reads.indices {
        memories[memory].reads[read].data = renumbered(memories[memory].reads[read].data)
      }
    }
    func renumber(_ statements: inout [Statement]) {
      for index in statements.indices {
        switch statements[index] {
        case .assign(let signal, let low, let value, let place):
          if !isMoved(signal) { continue }
          statements[index] = .assign(renumbered(signal), low: low, value, place)
        case .when(let condition, var then, var otherwise, let place):
          renumber(&then)
          renumber(&otherwise)
          statements[index] = .when(condition, then: then, else: otherwise, place)
        case .match(let subject, var cases, var otherwise, let place):
          for number in cases.indices { renumber(&cases[number].body) }
          renumber(&otherwise)
          statements[index] = .match(subject, cases: cases, default: otherwise, place)
        case .write: continue
        }
      }
    }
    for index in processes.indices {
      renumber(&processes[index].statements)
      if !processes[index].targets.contains(where: isMoved) { continue }
      processes[index].targets = processes[index].targets.map(renumbered).sorted { $0.index < $1.index }
    }
  }
}
