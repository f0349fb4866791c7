/// Which signals depend on which without a clock edge between, in a module whose children are known.
///
/// Loops are looked for among whole signals first, and only where these form one among their bits, so that a vector
/// whose elements feed one another is no loop.
final class CombinationalPaths {
  private let netlist: Netlist
  private let children: [CombinationalPaths]
  private let statements: [[Netlist.Statement]]
  private let ports: [String: Netlist.SignalID]
  private var instancePorts: [InstancePort: Netlist.SignalID] = [:]
  private var portDependencies: [BitOf: Set<BitOf>] = [:]

  /// One bit of a signal.
  private struct BitOf: Hashable {
    var signal: Netlist.SignalID
    var bit: Int
  }

  private struct InstancePort: Hashable {
    var instance: Netlist.InstanceID
    var port: String
  }

  /// - Parameter children: the paths of all modules before this one in the design.
  init(netlist: Netlist, children: [CombinationalPaths]) {
    self.netlist = netlist
    self.children = children
    var statements = [[Netlist.Statement]](repeating: [], count: netlist.signals.count)
    for process in netlist.processes where process.kind == .combinational {
      for target in process.targets { statements[Int(target.index)] += process.statements }
    }
    self.statements = statements
    var ports: [String: Netlist.SignalID] = [:]
    for id in netlist.signalIDs {
      switch netlist[id].role {
      case .input, .output: ports[netlist[id].name] = id
      case .instanceInput(let instance, let port), .instanceOutput(let instance, let port):
        instancePorts[InstancePort(instance: instance, port: port)] = id
      case .wire, .register, .memoryRead: break
      }
    }
    self.ports = ports
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
      if case .instanceOutput(let instance, let port) = netlist[id].role {
        let inputs = children[netlist[instance].module].portPaths[port] ?? []
        graph[own] = inputs.compactMap { instancePorts[InstancePort(instance: instance, port: $0)] }
          .sorted { $0.index < $1.index }
        continue
      }
      var stack: [Netlist.NodeID] = []
      for statement in statements[own] { collect(statement, &stack) }
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
          work.append((bit, dependencies(of: bit).filter { members.contains($0.signal) }))
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

  /// The bits of the module's inputs that reach a bit at once.
  private func inputBits(reaching start: BitOf) -> Set<BitOf> {
    if let known = portDependencies[start] { return known }
    var seen: Set<BitOf> = [start]
    var stack = [start]
    var inputs: Set<BitOf> = []
    while let bit = stack.popLast() {
      if netlist[bit.signal].role == .input { inputs.insert(bit) }
      for next in dependencies(of: bit) where seen.insert(next).inserted { stack.append(next) }
    }
    portDependencies[start] = inputs
    return inputs
  }

  /// The bits that a bit is computed from directly.
  private func dependencies(of bit: BitOf) -> [BitOf] {
    let signal = netlist[bit.signal]
    if case .instanceOutput(let instance, let port) = signal.role {
      let child = children[netlist[instance].module]
      guard let output = child.ports[port] else { return [] }
      return child.inputBits(reaching: BitOf(signal: output, bit: bit.bit)).compactMap { input in
        let key = InstancePort(instance: instance, port: child.netlist[input.signal].name)
        return instancePorts[key].map { BitOf(signal: $0, bit: input.bit) }
      }
    }
    var found: Set<BitOf> = []
    var seen: Set<NodeBit> = []
    for statement in statements[Int(bit.signal.index)] { _ = collect(statement, for: bit, &found, &seen) }
    return Array(found)
  }

  private struct NodeBit: Hashable {
    var node: Netlist.NodeID
    var bit: Int
  }

  /// Adds what `bit` reads in `statement`, and tells whether the statement assigns it.
  private func collect(
    _ statement: Netlist.Statement, for bit: BitOf, _ found: inout Set<BitOf>, _ seen: inout Set<NodeBit>
  ) -> Bool {
    switch statement {
    case .assign(let target, let low, let value, _):
      guard target == bit.signal, bit.bit >= low, bit.bit < low + netlist.width(of: value) else { return false }
      trace(value, bit.bit - low, &found, &seen)
      return true
    case .when(let condition, let then, let otherwise, _):
      var assigns = false
      for inner in then + otherwise where collect(inner, for: bit, &found, &seen) { assigns = true }
      if assigns { trace(condition, 0, &found, &seen) }
      return assigns
    case .match(let subject, let cases, let otherwise, _):
      var assigns = false
      for inner in cases.flatMap(\.body) + otherwise where collect(inner, for: bit, &found, &seen) { assigns = true }
      if assigns { for index in 0..<netlist.width(of: subject) { trace(subject, index, &found, &seen) } }
      return assigns
    case .write: return false
    }
  }

  /// Adds the signal bits that one bit of an expression is computed from.
  private func trace(_ node: Netlist.NodeID, _ bit: Int, _ found: inout Set<BitOf>, _ seen: inout Set<NodeBit>) {
    guard seen.insert(NodeBit(node: node, bit: bit)).inserted else { return }
    func all(_ operand: Netlist.NodeID) {
      for index in 0..<netlist.width(of: operand) { trace(operand, index, &found, &seen) }
    }
    func upTo(_ operand: Netlist.NodeID) {
      for index in 0...min(bit, netlist.width(of: operand) - 1) { trace(operand, index, &found, &seen) }
    }
    switch netlist[node] {
    case .constant: break
    case .reference(let signal): found.insert(BitOf(signal: signal, bit: bit))
    case .add(let a, let b), .subtract(let a, let b), .multiply(let a, let b, _):
      upTo(a)
      upTo(b)
    case .bitwise(_, let a, let b):
      trace(a, bit, &found, &seen)
      trace(b, bit, &found, &seen)
    case .not(let a): trace(a, bit, &found, &seen)
    case .compare(_, let a, let b), .shift(_, let a, let b):
      all(a)
      all(b)
    case .reduce(_, let a): all(a)
    case .select(let condition, let a, let b):
      trace(condition, 0, &found, &seen)
      trace(a, bit, &found, &seen)
      trace(b, bit, &found, &seen)
    case .element(let vector, let index):
      all(index)
      for low in stride(from: bit, to: netlist.width(of: vector), by: netlist.width(of: node)) {
        trace(vector, low, &found, &seen)
      }
    case .slice(let a, let low): trace(a, bit + low, &found, &seen)
    case .concatenate(let parts):
      var base = 0
      for part in parts.reversed() {
        let width = netlist.width(of: part)
        if bit < base + width { return trace(part, bit - base, &found, &seen) }
        base += width
      }
    case .extend(let a, let signed):
      let width = netlist.width(of: a)
      if bit < width { trace(a, bit, &found, &seen) } else if signed { trace(a, width - 1, &found, &seen) }
    }
  }
}
