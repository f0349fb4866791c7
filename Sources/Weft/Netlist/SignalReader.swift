extension Netlist {
  /// Whether what follows signals at once follows one that does so itself. Where nothing does, nothing feeds itself.
  ///
  /// - Parameter hasPath: Whether outputs of the module at an index of the design follow its inputs at once.
  func hasChains(through hasPath: (Int) -> Bool) -> Bool {
    var roots: [NodeID] = []
    for index in processes.indices where processes[index].kind == .combinational {
      visitRoots(of: processes[index].statements) { roots.append($0.node) }
    }
    for memory in memories { for read in memory.reads where !read.isSynchronous { roots.append(read.address) } }
    var reader = SignalReader(self)
    return reader.signals(behind: roots).contains { id in
      switch signals[Int(id.index)].role {
      case .input, .register: return false
      case .output, .wire, .instanceInput, .instanceDomain: return true
      case .instanceOutput(let instance, _): return hasPath(instances[Int(instance.index)].module)
      case .memoryRead(let memory): return memories[Int(memory.index)].reads.contains { !$0.isSynchronous }
      }
    }
  }
}

/// Finds the signals that expressions read.
struct SignalReader {
  private let netlist: Netlist
  private var stamp: Int32 = 0
  private var seenNodes: [Int32]
  private var stack: [Netlist.NodeID] = []

  init(_ netlist: Netlist) {
    self.netlist = netlist
    seenNodes = Array(repeating: 0, count: netlist.nodes.count)
  }

  /// The signals that any of `roots` reads, each once.
  mutating func signals(behind roots: [Netlist.NodeID]) -> [Netlist.SignalID] {
    stamp += 1
    var result: [Netlist.SignalID] = []
    stack += roots
    while let id = stack.popLast() {
      if seenNodes[Int(id.index)] == stamp { continue }
      seenNodes[Int(id.index)] = stamp
      if case .reference(let signal) = netlist[id] {
        result.append(signal)
      } else {
        netlist[id].forEachOperand { stack.append($0) }
      }
    }
    return result
  }
}
