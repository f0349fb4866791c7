import Weft

/// A design with its hierarchy dissolved: one table of signals, shared wherever a port or a plain wire only passes bits
/// on.
package struct FlatDesign {
  /// An index into the table of signals.
  package typealias SignalIndex = Int

  /// The modules as data flow, in the design's order.
  package let dataflows: [ModuleDataflow]
  package let design: Design
  /// The instances, the top module first; `signals` holds indices into the table below.
  package private(set) var scopes: [Program.Scope] = []
  package private(set) var widths: [Int] = []
  package private(set) var isState: [Bool] = []
  package private(set) var initialValues: [BitVector?] = []
  /// For each scope and driver: whether the driven signal is nothing but another name for its value.
  package private(set) var isAlias: [[Bool]] = []
  private var parents: [SignalIndex] = []
  /// For each scope the signals that give its domains clocks and resets, by port, where they are no ports of the top.
  private var drivenPorts: [[String: SignalIndex]] = []

  /// A domain in a scope: itself, and the signals in the place of its ports.
  package struct PlacedDomain: Hashable {
    package var domain: Domain
    package var clock: SignalIndex?
    package var reset: SignalIndex?
  }

  /// What a domain is in a scope.
  package func domain(_ domain: Domain, in scope: Int) -> PlacedDomain {
    PlacedDomain(
      domain: domain, clock: drivenPorts[scope][domain.clock].map(root),
      reset: drivenPorts[scope][domain.reset].map(root))
  }

  /// The input of the top module that a signal is another name for.
  package func topInput(at signal: SignalIndex) -> Netlist.Signal? {
    let signals = design.top.signals
    return signals.indices.first { signals[$0].role == .input && root($0, in: 0) == signal }.map { signals[$0] }
  }

  package init(_ design: Design) {
    self.design = design
    dataflows = design.modules.map(ModuleDataflow.init)
    _ = addScope(module: design.modules.count - 1, name: design.top.name, parent: nil, ports: [:], driven: [:])
    for scope in scopes.indices { joinAliases(in: scope) }
  }

  /// The signal that stands for all that `signal` is another name for.
  package func root(_ signal: SignalIndex) -> SignalIndex {
    var signal = signal
    while parents[signal] != signal { signal = parents[signal] }
    return signal
  }

  /// The root of a module's signal in a scope.
  package func root(_ signal: Int, in scope: Int) -> SignalIndex { root(SignalIndex(scopes[scope].signals[signal])) }

  /// A sentence about a clock that is neither a port nor an input of the top module, so that its edges are known to
  /// nothing but logic; `nil` where there is none.
  package var computedClock: String? {
    for scope in scopes.indices {
      for use in design.modules[scopes[scope].module].domains {
        guard let clock = domain(use.domain, in: scope).clock, topInput(at: clock) == nil else { continue }
        return "the clock `\(path(to: scope)).\(use.domain.clock)` of \(design.top.summary) is made inside the design"
      }
    }
    return nil
  }

  private func path(to scope: Int) -> String {
    guard let parent = scopes[scope].parent, scopes[parent].parent != nil else { return scopes[scope].name }
    return "\(path(to: parent)).\(scopes[scope].name)"
  }

  private mutating func addSignal(_ signal: Netlist.Signal) -> SignalIndex {
    widths.append(signal.width)
    parents.append(parents.count)
    switch signal.role {
    case .register(let register):
      isState.append(true)
      initialValues.append(register.initialValue)
    case .input, .output, .wire, .instanceInput, .instanceOutput, .instanceDomain, .memoryRead:
      isState.append(false)
      initialValues.append(nil)
    }
    return widths.count - 1
  }

  private mutating func addScope(
    module: Int, name: String, parent: Int?, ports: [String: SignalIndex], driven: [String: SignalIndex]
  ) -> Int {
    let netlist = design.modules[module]
    let scope = scopes.count
    drivenPorts.append(driven)
    var drives = [[String: SignalIndex]](repeating: driven, count: netlist.instances.count)
    scopes.append(Program.Scope(name: name, module: module, parent: parent))
    var connections = [[String: SignalIndex]](repeating: [:], count: netlist.instances.count)
    var signals: [Int32] = []
    signals.reserveCapacity(netlist.signals.count)
    for signal in netlist.signals {
      switch signal.role {
      case .input, .output:
        signals.append(Int32(ports[signal.name] ?? addSignal(signal)))
      case .instanceInput(let instance, let port), .instanceOutput(let instance, let port):
        let index = addSignal(signal)
        connections[Int(instance.index)][port] = index
        signals.append(Int32(index))
      case .instanceDomain(let instance, let port):
        let index = addSignal(signal)
        drives[Int(instance.index)][port] = index
        signals.append(Int32(index))
      case .wire, .register, .memoryRead:
        signals.append(Int32(addSignal(signal)))
      }
    }
    for memory in netlist.memories {
      for read in memory.reads where read.isSynchronous { isState[Int(signals[Int(read.data.index)])] = true }
    }
    scopes[scope].signals = signals
    for (index, instance) in netlist.instances.enumerated() {
      let child = addScope(
        module: instance.module, name: instance.name, parent: scope, ports: connections[index], driven: drives[index])
      scopes[scope].children.append(child)
    }
    return scope
  }

  /// Joins each signal that one whole assignment drives with the signal it takes its value from, or with another signal
  /// that takes the same value.
  private mutating func joinAliases(in scope: Int) {
    let dataflow = dataflows[scopes[scope].module]
    var driven: [ModuleDataflow.Value: SignalIndex] = [:]
    var aliases = [Bool](repeating: false, count: dataflow.drivers.count)
    for (index, driver) in dataflow.drivers.enumerated() {
      let target = root(driver.signal, in: scope)
      guard driver.low == 0, driver.width == widths[target], !isState[target] else { continue }
      let source: SignalIndex
      switch dataflow.operation(of: driver.value) {
      case .reference(let signal): source = root(signal, in: scope)
      case .constant: continue
      default:
        guard let other = driven[driver.value] else {
          driven[driver.value] = target
          continue
        }
        source = root(other)
      }
      guard source != target else { continue }
      parents[target] = source
      aliases[index] = true
    }
    isAlias.append(aliases)
  }
}
