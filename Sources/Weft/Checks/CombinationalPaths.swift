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
    if !netlist.hasChains(through: { children[$0].hasPath }) { return [] }
    return graph.circles().compactMap { circle in
      guard let loop = bitLoop(within: Set(circle.map { Netlist.SignalID(index: Int32($0)) })) else { return nil }
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
    case .instanceInput(let instance, _), .instanceOutput(let instance, _), .instanceDomain(let instance, _):
      netlist[instance].place
    default: signal.place
    }
  }

  // MARK: Whole signals

  /// Edges from each signal to those that it depends on at once.
  private lazy var graph: DirectedGraph = {
    var graph = DirectedGraph()
    var reader = SignalReader(netlist)
    var roots: [Netlist.NodeID] = []
    for id in netlist.signalIDs {
      switch netlist[id].role {
      case .input, .register: graph.addVertex(to: [])
      case .instanceOutput(let instance, let port):
        let inputs = children[netlist[instance].module].inputs(reaching: port)
        graph.addVertex(to: inputs.compactMap { bits.signal(at: $0, of: instance)?.index })
      case .output, .wire, .instanceInput, .instanceDomain, .memoryRead:
        roots.removeAll(keepingCapacity: true)
        for driver in bits.drivers[Int(id.index)] {
          netlist.visitRoots(of: netlist.processes[Int(driver)].statements) { roots.append($0.node) }
        }
        if let address = bits.address(ofRead: id) { roots.append(address) }
        graph.addVertex(to: reader.signals(behind: roots).lazy.map(\.index))
      }
    }
    return graph
  }()

  /// Whether an output follows an input at once, by whole signals.
  private lazy var hasPath = netlist.signals.contains { $0.role == .output && !inputs(reaching: $0.name).isEmpty }

  private var knownInputs: [String: [Netlist.SignalID]] = [:]

  /// The inputs that may reach an output at once, by whole signals.
  private func inputs(reaching port: String) -> [Netlist.SignalID] {
    if let known = knownInputs[port] { return known }
    guard let output = bits.ports[port] else { return [] }
    var seen: Set<Int32> = [output.index]
    var stack = [output.index]
    var inputs: [Netlist.SignalID] = []
    while let signal = stack.popLast() {
      let id = Netlist.SignalID(index: signal)
      if netlist[id].role == .input { inputs.append(id) }
      for next in graph[Int(signal)] where seen.insert(next).inserted { stack.append(next) }
    }
    knownInputs[port] = inputs
    return inputs
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
