/// Which signals depend on which without a clock edge between, in a module whose children are known.
///
/// Loops are looked for among whole signals first, and only where these form one among their bits, so that a vector
/// whose elements feed one another is no loop.
final class CombinationalPaths {
  private let netlist: Netlist
  private let bits: BitDependencies
  private let children: [CombinationalPaths]

  private typealias BitOf = BitDependencies.BitOf

  /// - Parameter children: the paths of all modules before this one in the design.
  init(bits: BitDependencies, children: [CombinationalPaths]) {
    netlist = bits.netlist
    self.bits = bits
    self.children = children
  }

  /// A diagnostic for each group of signals that depend on themselves.
  func findLoops() -> [Diagnostic] {
    let graph = signalGraph()
    return stronglyConnectedComponents(graph.map { $0.map { Int($0.index) } }).compactMap { indices in
      let group = indices.map { Netlist.SignalID(index: Int32($0)) }
      let members = Set(group)
      if members.count == 1, !graph[Int(group[0].index)].contains(group[0]) { return nil }
      guard let loop = bitLoop(within: members) else { return nil }
      let names = loop.map { "`\(netlist.describe(bits: $0.bit..<($0.bit + 1), of: netlist[$0.signal]))`" }
      return Diagnostic(
        code: .loop,
        message: "a value depends on itself without a register between: "
          + (names + [names[0]]).joined(separator: " <- "),
        place: place(of: netlist[loop[0].signal]))
    }
  }

  /// Where a signal is declared; one at an instance, where the instance is.
  private func place(of signal: Netlist.Signal) -> SourcePlace {
    switch signal.role {
    case .instanceInput(let instance, _), .instanceOutput(let instance, _): netlist[instance].place
    default: signal.place
    }
  }

  // MARK: Whole signals

  private func signalGraph() -> [[Netlist.SignalID]] {
    var graph = [[Netlist.SignalID]](repeating: [], count: netlist.signals.count)
    var mark = [Int32](repeating: -1, count: netlist.nodes.count)
    for id in netlist.signalIDs {
      let own = Int(id.index)
      if case .register = netlist[id].role { continue }
      if case .instanceOutput(let instance, let port) = netlist[id].role {
        let inputs = children[netlist[instance].module].portPaths[port] ?? []
        graph[own] = inputs.compactMap { bits.signal(at: $0, of: instance) }
          .sorted { $0.index < $1.index }
        continue
      }
      var stack: [Netlist.NodeID] = []
      for statement in bits.statements(driving: id) { collect(statement, &stack) }
      if let address = bits.address(ofRead: id) { stack.append(address) }
      var reads: Set<Netlist.SignalID> = []
      while let node = stack.popLast() {
        if mark[Int(node.index)] == id.index { continue }
        mark[Int(node.index)] = id.index
        if case .reference(let signal) = netlist[node] { reads.insert(signal) } else { stack += netlist[node].operands }
      }
      graph[own] = reads.sorted { $0.index < $1.index }
    }
    return graph
  }

  /// For each output port, the input ports that may reach it at once, by whole signals.
  private lazy var portPaths: [String: Set<String>] = {
    let graph = signalGraph()
    var paths: [String: Set<String>] = [:]
    for output in netlist.signalIDs where netlist[output].role == .output {
      var seen: Set<Netlist.SignalID> = [output]
      var stack = [output]
      var inputs: Set<String> = []
      while let signal = stack.popLast() {
        if netlist[signal].role == .input { inputs.insert(netlist[signal].name) }
        for next in graph[Int(signal.index)] where seen.insert(next).inserted { stack.append(next) }
      }
      paths[netlist[output].name] = inputs
    }
    return paths
  }()

  private func collect(_ statement: Netlist.Statement, _ nodes: inout [Netlist.NodeID]) {
    switch statement {
    case .assign(_, _, let value, _): nodes.append(value)
    case .when(let condition, let then, let otherwise, _):
      nodes.append(condition)
      for inner in then + otherwise { collect(inner, &nodes) }
    case .match(let subject, let cases, let otherwise, _):
      nodes.append(subject)
      for inner in cases.flatMap(\.body) + otherwise { collect(inner, &nodes) }
    case .write: break
    }
  }

  // MARK: Bits

  /// A loop among the bits of these signals, if there is one.
  private func bitLoop(within members: Set<Netlist.SignalID>) -> [BitOf]? {
    var finished: Set<BitOf> = []
    for signal in members.sorted(by: { $0.index < $1.index }) {
      for bit in 0..<netlist[signal].width {
        var path: [BitOf] = []
        var onPath: [BitOf: Int] = [:]
        var work: [(bit: BitOf, next: [BitOf])] = []
        func enter(_ bit: BitOf) {
          onPath[bit] = path.count
          path.append(bit)
          work.append((bit, bits.dependencies(of: bit).filter { members.contains($0.signal) }.sorted()))
        }
        let start = BitOf(signal: signal, bit: bit)
        if finished.contains(start) { continue }
        enter(start)
        while !work.isEmpty {
          if let next = work[work.count - 1].next.popLast() {
            if let position = onPath[next] { return Array(path[position...]) }
            if !finished.contains(next) { enter(next) }
          } else {
            let done = work.removeLast().bit
            finished.insert(done)
            onPath[done] = nil
            path.removeLast()
          }
        }
      }
    }
    return nil
  }
}
