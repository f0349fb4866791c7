/// Puts an attribute on a signal: `(* name = "value" *)` before each of its declarations in Verilog.
public func attribute(_ name: String, _ value: String? = nil, on signal: some Signal) -> Circuit {
  let scope = Scope.current
  for leaf in signal.leaves {
    guard case .reference(let id) = scope.builder({ $0.netlist[scope.node(leaf)] }) else {
      scope.report(.direction, "an attribute stands on a declared signal; this is an expression")
      continue
    }
    scope.builder { $0.netlist[id].attributes.append(.init(name: name, value: value)) }
  }
  return Circuit([])
}

/// Puts an attribute on a memory.
public func attribute<Element>(_ name: String, _ value: String? = nil, on memory: Memory<Element>) -> Circuit {
  let scope = Scope.current
  scope.builder { $0.netlist[memory.id].attributes.append(.init(name: name, value: value)) }
  return Circuit([])
}

/// Puts an attribute on an instance.
public func attribute<M>(_ name: String, _ value: String? = nil, on instance: Instance<M>) -> Circuit {
  let scope = Scope.current
  scope.builder { $0.netlist[instance.id].attributes.append(.init(name: name, value: value)) }
  return Circuit([])
}
