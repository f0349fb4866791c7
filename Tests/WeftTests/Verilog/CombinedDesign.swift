import Weft

extension Design {
  /// Designs side by side under one top module that has all their ports, so that a tool reads them in one run.
  init(combining designs: [Design], name: String) {
    var modules: [Netlist] = []
    var builder = NetlistBuilder(name: name)
    let place = SourcePlace(file: "combined", line: 1)
    for design in designs {
      let base = modules.count
      modules += design.modules.map { module in
        var result = module
        for index in result.instances.indices { result.instances[index].module += base }
        return result
      }
      let top = design.top
      for use in top.domains {
        if let known = builder.netlist.domains.firstIndex(where: {
          $0.domain.clock == use.domain.clock && $0.domain.reset == use.domain.reset
        }) {
          if use.usesReset { builder.netlist.domains[known].usesReset = true }
        } else {
          builder.netlist.domains.append(use)
        }
      }
      let instance = builder.add(Netlist.Instance(name: "dut_\(top.name)", module: modules.count - 1, place: place))
      for signal in top.signals where signal.role == .input || signal.role == .output {
        let name = "\(top.name)_\(signal.name)"
        let outer = builder.add(Netlist.Signal(name: name, width: signal.width, role: signal.role, place: place))
        let role: Netlist.Signal.Role =
          signal.role == .input
          ? .instanceInput(instance, port: signal.name) : .instanceOutput(instance, port: signal.name)
        let inner = builder.add(
          Netlist.Signal(name: "dut_\(name)", width: signal.width, role: role, place: place))
        let (target, source) = signal.role == .input ? (inner, outer) : (outer, inner)
        let value = builder.reference(source)
        builder.netlist.processes.append(
          .init(kind: .combinational, statements: [.assign(target, low: 0, value, place)], targets: [target]))
      }
    }
    self.init(modules: modules + [builder.netlist])
  }
}
