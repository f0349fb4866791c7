/// One step from the netlist as elaborated to one that Verilog can say without a tool's complaint. The hardware stays
/// the same.
struct LegalisationPass: Sendable {
  /// What the step does.
  let name: String
  /// Carries the step out on one module; `interfaces` holds what is known of the modules before it.
  let run: @Sendable (inout Netlist, [CombinationalInterface]) -> Void

  /// All steps, in order.
  static let all = [
    LegalisationPass(name: "drop memories that nothing reads") { module, _ in module.dropUnreadMemories() },
    LegalisationPass(name: "fold conditions that are constant") { module, _ in module.foldConstantConditions() },
    LegalisationPass(name: "settle repeated assignments") { module, _ in module.settleAssignments() },
    LegalisationPass(name: "part processes that feed themselves") { $0.partProcesses(interfaces: $1) },
    LegalisationPass(name: "split signals whose parts feed each other") { $0.splitSignals(interfaces: $1) },
  ]
}

extension Design {
  /// The design after all passes.
  func legalisedForVerilog() -> Design {
    var result = self
    var interfaces: [CombinationalInterface] = []
    for index in result.modules.indices {
      for pass in LegalisationPass.all { pass.run(&result.modules[index], interfaces) }
      interfaces.append(CombinationalInterface(result.modules[index], children: interfaces))
    }
    return result
  }
}

extension Netlist {
  /// Removes memories without read ports, and their writes.
  mutating func dropUnreadMemories() {
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
    case .write(_, let address, let data, let place): .write(memory, address: address, data: data, place)
    }
  }
}
