import Weft

extension RandomDesign {
  /// Many random designs side by side under one top module, so that one model holds them all. Port `input0` of the
  /// design of seed 7 becomes `seed7_input0`.
  public func battery(seeds: Range<UInt64>) -> Design {
    var modules: [Netlist] = []
    var builder = NetlistBuilder(name: "\(prefix)Battery")
    let place = SourcePlace(file: "random", line: 1)
    var uses: [Netlist.DomainUse] = []
    for seed in seeds {
      let design = make(seed: seed)
      let offset = modules.count
      for var module in design.modules {
        for index in module.instances.indices { module.instances[index].module += offset }
        modules.append(module)
      }
      uses += design.top.domains
      let instance = builder.add(Netlist.Instance(name: "seed\(seed)", module: modules.count - 1, place: place))
      for port in design.top.signals {
        let isInput = port.role == .input
        guard isInput || port.role == .output else { continue }
        let role: Netlist.Signal.Role =
          isInput ? .instanceInput(instance, port: port.name) : .instanceOutput(instance, port: port.name)
        let outer = builder.add(
          Netlist.Signal(
            name: "seed\(seed)_\(port.name)", width: port.width, role: isInput ? .input : .output, place: place))
        let inner = builder.add(
          Netlist.Signal(name: "port_seed\(seed)_\(port.name)", width: port.width, role: role, place: place))
        let (target, source) = isInput ? (inner, outer) : (outer, inner)
        let value = builder.reference(source)
        builder.netlist.processes.append(
          .init(kind: .combinational, statements: [.assign(target, low: 0, value, place)], targets: [target]))
      }
    }
    if !uses.isEmpty { builder.netlist.domains = [.init(domain: domain, usesReset: uses.contains { $0.usesReset })] }
    return Design(modules: modules + [builder.netlist])
  }
}
