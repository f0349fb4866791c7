/// Which inputs of a module its outputs follow without a clock edge between.
struct CombinationalInterface {
  /// The module's ports.
  let ports: ModulePorts
  /// The inputs, in order, that each output follows; outputs that follow none are left out.
  let sources: [String: [Netlist.SignalID]]

  init(_ module: Netlist, children: [CombinationalInterface]) {
    let graph = CombinationalGraph(module, interfaces: children)
    var result: [String: [Netlist.SignalID]] = [:]
    if graph.hasEdgeFromInput {
      for (index, signal) in module.signals.enumerated() where signal.role == .output {
        let sources = graph.inputs(behind: .init(index: Int32(index)))
        if !sources.isEmpty { result[signal.name] = sources.sorted { $0.index < $1.index } }
      }
    }
    ports = ModulePorts(module)
    sources = result
  }
}
