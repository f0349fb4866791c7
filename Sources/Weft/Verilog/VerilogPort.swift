/// A module seen from outside.
struct VerilogInterface {
  let name: String
  let ports: [VerilogPort]
  let signals: ModulePorts

  init(_ module: Netlist) {
    name = module.name
    ports = VerilogPort.ports(of: module)
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

  /// All ports of a module: for each domain its clock and its reset, then the signals.
  static func ports(of module: Netlist) -> [VerilogPort] {
    var result: [VerilogPort] = []
    var seen: Set<String> = []
    for use in module.domains {
      let names = use.usesReset ? [use.domain.clock, use.domain.reset] : [use.domain.clock]
      for name in names where seen.insert(name).inserted {
        result.append(VerilogPort(name: name, width: 1, isInput: true))
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
