/// Which inputs of a module its outputs follow without a clock edge between.
struct CombinationalInterface {
  /// The inputs, by output.
  let inputs: [String: Set<String>]

  init(_ module: Netlist, children: [CombinationalInterface]) {
    let graph = CombinationalGraph(module, interfaces: children)
    var result: [String: Set<String>] = [:]
    if graph.hasEdgeFromInput {
      for (index, signal) in module.signals.enumerated() where signal.role == .output {
        let sources = graph.inputs(behind: .init(index: Int32(index)))
        if !sources.isEmpty { result[signal.name] = Set(sources.map { module[$0].name }) }
      }
    }
    inputs = result
  }
}
