extension Scope {
  /// What the instances of `module` have in common, and its index among the children.
  func child<M: Module>(_ module: M) -> (child: ChildModule, index: Int) {
    if let last = children.last, last.isModule(module) { return (last, children.count - 1) }
    let key = AnyHashable(module)
    if let known = childIndices[key] { return (children[known], known) }
    let child = TypedChildModule(module)
    childIndices[key] = children.count
    children.append(child)
    return (child, children.count - 1)
  }

  /// The signal that a property of the instance's module is.
  func signal<M: Module, S: Signal>(at path: KeyPath<M, S>, of module: M, _ child: ChildModule) -> S {
    if let (port, layout) = child.port(at: path) { return S.bind(layout, .packed(node(at: port, of: child), low: 0)) }
    let signal = enter { module[keyPath: path] }
    if let node = declaredPort(signal), case .reference(let id) = netlist[node] {
      note(node, at: child.learn(netlist[id], at: path, signal.signalLayout))
    }
    return signal
  }

  /// The signal at a port that was reached by its path.
  func reachedPort<T: Signal>(_ name: String, of child: ChildModule, _ shape: () -> Shape<T>) -> T? {
    guard let port = child.ports.firstIndex(where: { $0.name == name }), port < portNodes.count,
      let node = portNodes[port]
    else { return nil }
    return T.bind(shape().layout, .packed(node, low: 0))
  }

  /// The node of a signal that is a port of the instance and nothing else, declared under the port's name.
  private func declaredPort(_ signal: some Signal) -> Netlist.NodeID? {
    let layout = signal.signalLayout
    guard case .instance(let own, _) = kind, layout.isLeaf, case .node(let node, _, _) = signal.origin.leaf(layout),
      case .reference(let id) = netlist[node], netlist[id].width == layout.width
    else { return nil }
    switch netlist[id].role {
    case .instanceInput(own, let port), .instanceOutput(own, let port):
      return names.declaration(port) == nil ? nil : node
    default: return nil
    }
  }

  private func node(at port: Int, of child: ChildModule) -> Netlist.NodeID {
    if port < portNodes.count, let node = portNodes[port] { return node }
    let node = names.signal(child.ports[port].name)?.node ?? declare(child.ports[port])
    note(node, at: port)
    return node
  }

  private func declare(_ port: Netlist.Signal) -> Netlist.NodeID {
    guard case .instance(let id, let name) = kind else { preconditionFailure("only an instance has a child's ports") }
    var signal = port
    signal.name = name + "_" + port.name
    signal.role = port.role == .input ? .instanceInput(id, port: port.name) : .instanceOutput(id, port: port.name)
    return add(signal).node
  }

  private func note(_ node: Netlist.NodeID, at port: Int) {
    if portNodes.count <= port {
      portNodes.append(contentsOf: repeatElement(nil, count: max(port + 1, child?.ports.count ?? 0) - portNodes.count))
    }
    portNodes[port] = node
  }
}
