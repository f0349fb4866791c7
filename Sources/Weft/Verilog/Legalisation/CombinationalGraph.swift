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
    // Drivers lead to the signals they read, these to their own drivers: as many edges as names in the text.
    var next = drivers.map { driver in driver.reads.map { drivers.count + Int($0.index) } }
    next += driversOfSignal.map { $0.map(Int.init) }
    return stronglyConnectedComponents(next).filter { $0.count > 1 }.map { $0.filter { $0 < drivers.count } }
  }
}
