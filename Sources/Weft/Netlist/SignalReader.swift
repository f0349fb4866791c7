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
