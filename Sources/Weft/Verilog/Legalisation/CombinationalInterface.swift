/// Which inputs of a module its outputs follow without a clock edge between.
struct CombinationalInterface {
  /// The inputs, by output.
  let inputs: [String: Set<String>]

  init(_ module: Netlist, children: [CombinationalInterface]) {
    let graph = CombinationalGraph(module, interfaces: children)
    var result: [String: Set<String>] = [:]
    if graph.hasEdgeFromInput {
      for (index, signal) in module.signals.enumerated() where signal.role == .output {
        let sources = graph.inputs(behind: .init(index: Int32(index)))
        if !sources.isEmpty { result[signal.name] = Set(sources.map { module[$0].name }) }
      }
    }
    inputs = result
  }
}

/// What drives signals of one module at once, and what it reads.
struct CombinationalGraph {
  /// One driver: a process, an instance's output, or an asynchronous read port.
  struct Driver {
    /// The process, if it is one.
    var process: Int?
    var targets: [Netlist.SignalID]
    var reads: [Netlist.SignalID]
  }

  private let netlist: Netlist
  private(set) var drivers: [Driver] = []
  /// The drivers of each signal.
  private var driversOfSignal: [[Int32]]

  init(_ netlist: Netlist, interfaces: [CombinationalInterface]) {
    self.netlist = netlist
    driversOfSignal = Array(repeating: [], count: netlist.signals.count)
    var reader = SignalReader(netlist)
    for (index, process) in netlist.processes.enumerated() where process.kind == .combinational {
      var roots: [Netlist.NodeID] = []
      netlist.visitRoots(of: process) { roots.append($0.node) }
      add(Driver(process: index, targets: process.targets, reads: reader.signals(behind: roots)))
    }
    for memory in netlist.memories {
      for read in memory.reads where !read.isSynchronous {
        add(Driver(process: nil, targets: [read.data], reads: reader.signals(behind: [read.address])))
      }
    }
    addInstances(interfaces)
  }

  private mutating func add(_ driver: Driver) {
    for target in driver.targets { driversOfSignal[Int(target.index)].append(Int32(drivers.count)) }
    drivers.append(driver)
  }

  private mutating func addInstances(_ interfaces: [CombinationalInterface]) {
    if netlist.instances.allSatisfy({ interfaces[$0.module].inputs.isEmpty }) { return }
    var inputs = Array(repeating: [String: Netlist.SignalID](), count: netlist.instances.count)
    for (index, signal) in netlist.signals.enumerated() {
      if case .instanceInput(let instance, let port) = signal.role {
        inputs[Int(instance.index)][port] = .init(index: Int32(index))
      }
    }
    for (index, signal) in netlist.signals.enumerated() {
      guard case .instanceOutput(let instance, let port) = signal.role,
        let sources = interfaces[netlist[instance].module].inputs[port]
      else { continue }
      let reads = sources.compactMap { inputs[Int(instance.index)][$0] }.sorted { $0.index < $1.index }
      add(Driver(process: nil, targets: [.init(index: Int32(index))], reads: reads))
    }
  }

  /// Whether any driver reads an input of the module.
  var hasEdgeFromInput: Bool {
    drivers.contains { $0.reads.contains { netlist[$0].role == .input } }
  }

  /// The module's inputs that a signal follows.
  func inputs(behind signal: Netlist.SignalID) -> [Netlist.SignalID] {
    var seen: Set<Netlist.SignalID> = [signal]
    var stack = [signal]
    var result: [Netlist.SignalID] = []
    while let next = stack.popLast() {
      if netlist[next].role == .input { result.append(next) }
      for driver in driversOfSignal[Int(next.index)] {
        for read in drivers[Int(driver)].reads where seen.insert(read).inserted { stack.append(read) }
      }
    }
    return result
  }

  /// The drivers that lie on a circle, as groups; those that lie on none are left out.
  func circles() -> [[Int]] {
    let next = drivers.map { driver in driver.reads.flatMap { driversOfSignal[Int($0.index)].map(Int.init) } }
    return next.indices.isEmpty ? [] : stronglyConnectedComponents(next).filter { group in
      group.count > 1 || next[group[0]].contains(group[0])
    }
  }
}

/// Finds the signals that expressions read.
struct SignalReader {
  private let netlist: Netlist
  private var stamp: Int32 = 0
  private var seenNodes: [Int32]

  init(_ netlist: Netlist) {
    self.netlist = netlist
    seenNodes = Array(repeating: 0, count: netlist.nodes.count)
  }

  /// The signals that any of `roots` reads, each once.
  mutating func signals(behind roots: [Netlist.NodeID]) -> [Netlist.SignalID] {
    stamp += 1
    var result: [Netlist.SignalID] = []
    var stack = roots
    while let id = stack.popLast() {
      if seenNodes[Int(id.index)] == stamp { continue }
      seenNodes[Int(id.index)] = stamp
      if case .reference(let signal) = netlist[id] { result.append(signal) } else { stack += netlist[id].operands }
    }
    return result
  }
}

/// The groups of vertices that reach each other, by R. Tarjan, "Depth-first search and linear graph algorithms" (1972).
/// `next` lists the successors of each vertex.
func stronglyConnectedComponents(_ next: [[Int]]) -> [[Int]] {
  var order = Array(repeating: -1, count: next.count)
  var low = order
  var isOpen = Array(repeating: false, count: next.count)
  var open: [Int] = []
  var groups: [[Int]] = []
  var count = 0
  for start in next.indices where order[start] < 0 {
    var path = [(vertex: start, edge: 0)]
    while let (vertex, edge) = path.last {
      if edge == 0 {
        order[vertex] = count
        low[vertex] = count
        count += 1
        open.append(vertex)
        isOpen[vertex] = true
      }
      if edge < next[vertex].count {
        path[path.count - 1].edge += 1
        let successor = next[vertex][edge]
        if order[successor] < 0 {
          path.append((successor, 0))
        } else if isOpen[successor] {
          low[vertex] = min(low[vertex], order[successor])
        }
        continue
      }
      path.removeLast()
      if let parent = path.last?.vertex { low[parent] = min(low[parent], low[vertex]) }
      if low[vertex] == order[vertex] {
        var group: [Int] = []
        while let member = open.popLast() {
          isOpen[member] = false
          group.append(member)
          if member == vertex { break }
        }
        groups.append(group.sorted())
      }
    }
  }
  return groups
}
