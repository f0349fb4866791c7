/// What drives signals of one module at once, and what it reads: processes, outputs of instances, and asynchronous read
/// ports.
struct CombinationalGraph {
  private let netlist: Netlist
  /// The process that each driver is, or -1.
  private var processes: [Int32] = []
  /// The signals that each driver reads.
  private var reads = DirectedGraph()
  /// The drivers of each signal.
  private var drivers = DirectedGraph()

  init(_ netlist: Netlist, interfaces: [CombinationalInterface]) {
    self.netlist = netlist
    var reader = SignalReader(netlist)
    var edges: [(from: Int32, to: Int32)] = []
    func add(process: Int32 = -1, targets: [Netlist.SignalID], reads sources: [Netlist.SignalID]) {
      for target in targets { edges.append((target.index, Int32(processes.count))) }
      processes.append(process)
      reads.addVertex(to: sources.lazy.map(\.index))
    }
    var roots: [Netlist.NodeID] = []
    for index in netlist.processes.indices where netlist.processes[index].kind == .combinational {
      roots.removeAll(keepingCapacity: true)
      netlist.visitRoots(of: netlist.processes[index].statements) { roots.append($0.node) }
      add(process: Int32(index), targets: netlist.processes[index].targets, reads: reader.signals(behind: roots))
    }
    for memory in netlist.memories {
      for read in memory.reads where !read.isSynchronous {
        add(targets: [read.data], reads: reader.signals(behind: [read.address]))
      }
    }
    if netlist.instances.contains(where: { !interfaces[$0.module].sources.isEmpty }) {
      let ports = InstancePorts(netlist, modules: interfaces.map(\.ports))
      for (index, signal) in netlist.signals.enumerated() {
        guard case .instanceOutput(let instance, let port) = signal.role,
          let sources = interfaces[netlist[instance].module].sources[port]
        else { continue }
        add(targets: [.init(index: Int32(index))], reads: sources.compactMap { ports[instance, $0] })
      }
    }
    drivers = DirectedGraph(count: netlist.signals.count, edges: edges)
  }

  /// The process that a driver is, if it is one.
  func process(of driver: Int) -> Int? { processes[driver] < 0 ? nil : Int(processes[driver]) }

  /// Whether any driver reads an input of the module.
  var hasEdgeFromInput: Bool {
    (0..<reads.count).contains { reads[$0].contains { netlist.signals[Int($0)].role == .input } }
  }

  /// The module's inputs that a signal follows.
  func inputs(behind signal: Netlist.SignalID) -> [Netlist.SignalID] {
    var seen: Set<Int32> = [signal.index]
    var stack = [signal.index]
    var result: [Netlist.SignalID] = []
    while let next = stack.popLast() {
      let id = Netlist.SignalID(index: next)
      if netlist[id].role == .input { result.append(id) }
      for driver in drivers[Int(next)] {
        for read in reads[Int(driver)] where seen.insert(read).inserted { stack.append(read) }
      }
    }
    return result
  }

  /// The drivers that lie on a circle, as groups; those that lie on none are left out.
  func circles() -> [[Int]] {
    // Drivers lead to the driven signals they read, these to their own drivers: as many edges as names in the text.
    let count = reads.count
    var graph = DirectedGraph()
    for driver in 0..<count {
      graph.addVertex(to: reads[driver].lazy.filter { !drivers[Int($0)].isEmpty }.map { $0 + Int32(count) })
    }
    for signal in 0..<drivers.count { graph.addVertex(to: drivers[signal]) }
    return graph.circles().map { $0.filter { $0 < count } }
  }
}
