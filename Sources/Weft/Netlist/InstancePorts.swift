/// The ports of a module that are signals; clocks and resets are none.
struct ModulePorts {
  /// The ports that are driven from outside, in order.
  let inputs: [Netlist.SignalID]
  /// A number above the indices of all ports: how many there are, where they come before all other signals.
  let limit: Int
  private let signals: [String: Netlist.SignalID]
  /// The ports of a module that has few, which are found by comparing.
  private let few: [(name: String, id: Netlist.SignalID)]

  init(_ netlist: Netlist) {
    var signals: [String: Netlist.SignalID] = [:]
    var few: [(name: String, id: Netlist.SignalID)] = []
    var inputs: [Netlist.SignalID] = []
    var limit = 0
    for index in netlist.signals.indices where netlist.signals[index].isPort {
      let id = Netlist.SignalID(index: Int32(index))
      signals[netlist[id].name] = id
      few.append((netlist[id].name, id))
      if netlist[id].role == .input { inputs.append(id) }
      limit = index + 1
    }
    self.inputs = inputs
    self.limit = limit
    self.signals = signals
    self.few = few.count > 8 ? [] : few
  }

  /// The port of a name.
  subscript(name: String) -> Netlist.SignalID? {
    few.isEmpty ? signals[name] : few.first { $0.name == name }?.id
  }
}

/// The signals of a module that are at the ports of its instances.
struct InstancePorts {
  /// Where the signals of each instance start.
  private var starts: [Int] = []
  /// The index of the signal at each port, or -1 where the module mentions none.
  private var signals: [Int32]

  /// - Parameter modules: the ports of the modules of the design, by index.
  init(_ netlist: Netlist, modules: [ModulePorts]) {
    var count = 0
    for instance in netlist.instances {
      starts.append(count)
      count += modules[instance.module].limit
    }
    signals = [Int32](repeating: -1, count: count)
    for index in netlist.signals.indices {
      switch netlist.signals[index].role {
      case .instanceInput(let instance, let name), .instanceOutput(let instance, let name):
        guard let port = modules[netlist[instance].module][name] else { continue }
        signals[starts[Int(instance.index)] + Int(port.index)] = Int32(index)
      case .input, .output, .wire, .register, .instanceDomain, .memoryRead: continue
      }
    }
  }

  /// The signal at a port of an instance, the port being a signal of the instance's module.
  subscript(instance: Netlist.InstanceID, port: Netlist.SignalID) -> Netlist.SignalID? {
    let index = signals[starts[Int(instance.index)] + Int(port.index)]
    return index < 0 ? nil : Netlist.SignalID(index: index)
  }
}
