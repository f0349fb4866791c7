/// A module seen from outside.
struct VerilogInterface {
  let name: String
  let ports: [VerilogPort]
  let signals: ModulePorts
  let parameters: [BlackBoxParameter]
  /// Whether the module is written elsewhere.
  let isExternal: Bool

  init(_ module: Netlist, options: VerilogOptions) {
    let box = options.usesModels && module.blackBox?.hasModel == true ? nil : module.blackBox
    name = box?.name ?? module.name
    parameters = box?.parameters ?? []
    isExternal = box != nil
    ports = VerilogPort.ports(of: module).map { port in
      var port = port
      if port.signal == nil { port.name = box?.portNames[port.name] ?? port.name }
      return port
    }
    signals = ModulePorts(module)
  }
}

/// A port of a module in its port list.
struct VerilogPort {
  var name: String
  var width: Int
  var isInput: Bool
  /// The signal behind it; clocks and resets have none.
  var signal: Netlist.SignalID?
  /// What it is called outside, for clocks and resets.
  var domainPort = ""

  /// All ports of a module: for each domain its clock and its reset, then the signals.
  static func ports(of module: Netlist) -> [VerilogPort] {
    var result: [VerilogPort] = []
    var seen: Set<String> = []
    for use in module.domains {
      let names = use.usesReset ? [use.domain.clock, use.domain.reset] : [use.domain.clock]
      for name in names where seen.insert(name).inserted {
        result.append(VerilogPort(name: name, width: 1, isInput: true, domainPort: name))
      }
    }
    for index in module.signals.indices where module.signals[index].isPort {
      let signal = module.signals[index]
      let id = Netlist.SignalID(index: Int32(index))
      result.append(VerilogPort(name: signal.name, width: signal.width, isInput: signal.role == .input, signal: id))
    }
    return result
  }
}
