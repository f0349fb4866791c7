extension Netlist {
  /// Removes memories that nothing reads, and their writes. A read port whose address is a constant beyond the depth
  /// reads nothing: it becomes a wire that is zero.
  mutating func dropUnreadMemories() {
    tieDeadReads()
    if memories.allSatisfy({ !$0.reads.isEmpty }) { return }
    var newID: [MemoryID?] = []
    var kept: [Memory] = []
    for memory in memories {
      newID.append(memory.reads.isEmpty ? nil : MemoryID(index: Int32(kept.count)))
      if !memory.reads.isEmpty { kept.append(memory) }
    }
    memories = kept
    for index in signals.indices {
      if case .memoryRead(let id) = signals[index].role, let new = newID[Int(id.index)] {
        signals[index].role = .memoryRead(new)
      }
    }
    processes = processes.compactMap { process in
      guard case .memoryWrite(let id) = process.kind else { return process }
      guard let new = newID[Int(id.index)] else { return nil }
      var result = process
      result.kind = .memoryWrite(new)
      result.statements = process.statements.map { $0.writing(to: new) }
      return result
    }
  }
}

extension Netlist {
  private mutating func tieDeadReads() {
    let isDead = { (memory: Memory, read: MemoryRead, netlist: Netlist) in
      MemoryShape(memory).neverHolds(read.address, in: netlist)
    }
    let dead = memories.flatMap { memory in memory.reads.filter { isDead(memory, $0, self) }.map(\.data) }
    if dead.isEmpty { return }
    for index in memories.indices {
      memories[index].reads.removeAll { dead.contains($0.data) }
    }
    var rewriter = NetlistRewriter(self) { _, _, _, _ in nil }
    _ = rewriter.finish()
    self = rewriter.withBuilder { builder in
      for signal in dead {
        let zero = builder.constant(BitVector(zero: builder.netlist[signal].width))
        builder.netlist[signal].role = .wire
        let statement = Statement.assign(signal, low: 0, zero, builder.netlist[signal].place)
        builder.netlist.processes.append(Process(kind: .combinational, statements: [statement], targets: [signal]))
      }
      return builder.netlist
    }
  }
}

extension Netlist.Statement {
  /// The statement with all writes going to another memory.
  fileprivate func writing(to memory: Netlist.MemoryID) -> Netlist.Statement {
    switch self {
    case .assign: self
    case .when(let condition, let then, let otherwise, let place):
      .when(condition, then: then.map { $0.writing(to: memory) }, else: otherwise.map { $0.writing(to: memory) }, place)
    case .match(let subject, let cases, let fallback, let place):
      .match(
        subject, cases: cases.map { .init(patterns: $0.patterns, body: $0.body.map { $0.writing(to: memory) }) },
        default: fallback.map { $0.writing(to: memory) }, place)
    case .write(_, let address, let data, let low, let place):
      .write(memory, address: address, data: data, low: low, place)
    }
  }
}
