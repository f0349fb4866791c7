import Weft

extension RandomDesign {
  /// Many random designs side by side under one top module, so that one model holds them all. Port `input0` of the
  /// design of seed 7 becomes `seed7_input0`.
  public func battery(seeds: Range<UInt64>) -> Design {
    Self.battery(seeds.map { ("seed\($0)", make(seed: $0)) }, name: "\(prefix)Battery")
  }

  /// Designs side by side under one top module, each an instance of its name, which begins the names of its ports.
  public static func battery(_ designs: [(name: String, design: Design)], name: String) -> Design {
    var modules: [Netlist] = []
    var builder = NetlistBuilder(name: name)
    let place = SourcePlace(file: "random", line: 1)
    for (name, design) in designs {
      let offset = modules.count
      for var module in design.modules {
        for index in module.instances.indices { module.instances[index].module += offset }
        modules.append(module)
      }
      for use in design.top.domains { builder.netlist.use(use.domain, reset: use.usesReset) }
      let instance = builder.add(Netlist.Instance(name: name, module: modules.count - 1, place: place))
      for port in design.top.signals {
        let isInput = port.role == .input
        guard isInput || port.role == .output else { continue }
        let role: Netlist.Signal.Role =
          isInput ? .instanceInput(instance, port: port.name) : .instanceOutput(instance, port: port.name)
        let outer = builder.add(
          Netlist.Signal(
            name: "\(name)_\(port.name)", width: port.width, role: isInput ? .input : .output, place: place))
        let inner = builder.add(
          Netlist.Signal(name: "port_\(name)_\(port.name)", width: port.width, role: role, place: place))
        let (target, source) = isInput ? (inner, outer) : (outer, inner)
        let value = builder.reference(source)
        builder.netlist.processes.append(
          .init(kind: .combinational, statements: [.assign(target, low: 0, value, place)], targets: [target]))
      }
    }
    return Design(modules: modules + [builder.netlist])
  }
}
