import Weft

/// Proves that two modules with the same ports do the same: from the start, whatever comes in, equal outputs at every
/// step.
///
/// Registers of equal names and widths are taken as equal where that follows by itself, which proves most rewritings
/// with induction over one step; others need more, or assertions that tie the two together.
///
/// - Parameter resets: What resets do meanwhile; by default they stay inactive.
/// - Throws: ``Counterexample`` where an output differs or equality does not follow; ``FormalError`` where the ports
///   differ or the solver gives no answer; `ElaborationError` for mistakes in a module.
@discardableResult
public func proveEqual(
  _ left: some Module, _ right: some Module, by method: ProofMethod = .induction(),
  resets: ResetBehaviour = .inactive, using solver: Solver = Solver()
) throws -> Proof {
  let design = try Design.comparison(
    Design(left, includingInvariants: true), Design(right, includingInvariants: true))
  var prover = try Prover(design, solver: solver, resets: resets)
  if case .induction = method {
    try prover.withNetlist { system in system.registerPairs() }
  }
  return try prover.prove(by: method)
}

extension TransitionSystem {
  /// For each register of the left side that has one of its name, width and initial value on the right, whether both
  /// are equal.
  fileprivate mutating func registerPairs() -> [Netlist.NodeID] {
    var builder = NetlistBuilder(extending: netlist)
    var rights: [String: State] = [:]
    for state in states where state.path.hasPrefix("right.") { rights[String(state.path.dropFirst(6))] = state }
    let pairs = states.compactMap { state -> Netlist.NodeID? in
      guard state.path.hasPrefix("left."), let other = rights[String(state.path.dropFirst(5))],
        other.initial == state.initial
      else { return nil }
      return builder.compare(.equal, builder.reference(state.signal), builder.reference(other.signal))
    }
    netlist = builder.netlist
    return pairs
  }
}

extension Design {
  /// Two designs beside each other, with the same inputs and an assertion for each output that both give the same.
  static func comparison(_ left: Design, _ right: Design) throws -> Design {
    try checkPorts(left.top, right.top)
    var modules = left.modules
    let names = Set(left.modules.map(\.name))
    for var module in right.modules {
      if names.contains(module.name) { module.name += "_right" }
      for index in module.instances.indices { module.instances[index].module += left.modules.count }
      modules.append(module)
    }
    var builder = NetlistBuilder(name: "Comparison", summary: "\(left.top.summary) = \(right.top.summary)")
    for use in left.top.domains + right.top.domains {
      if let known = builder.netlist.domains.firstIndex(where: { $0.domain == use.domain }) {
        builder.netlist.domains[known].usesReset = builder.netlist.domains[known].usesReset || use.usesReset
      } else {
        builder.netlist.domains.append(use)
      }
    }
    let ports = left.top.signals.filter { $0.role == .input || $0.role == .output }
    let inputs = ports.filter { $0.role == .input }.map { ($0.name, builder.add($0)) }
    let sides = [("left", left.modules.count - 1), ("right", modules.count - 1)].map { name, module in
      let place = SourcePlace(file: "", line: 0)
      return (name, builder.add(Netlist.Instance(name: name, module: module, place: place)))
    }
    for (name, instance) in sides {
      for (port, input) in inputs {
        var signal = builder.netlist[input]
        signal.name = "\(name)_\(port)"
        signal.role = .instanceInput(instance, port: port)
        let target = builder.add(signal)
        let value = builder.reference(input)
        builder.netlist.processes.append(
          Netlist.Process(
            kind: .combinational, statements: [.assign(target, low: 0, value, signal.place)], targets: [target]))
      }
    }
    for port in ports where port.role == .output {
      let values = sides.map { name, instance in
        var signal = port
        signal.name = "\(name)_\(port.name)"
        signal.role = .instanceOutput(instance, port: port.name)
        return builder.reference(builder.add(signal))
      }
      builder.netlist.properties.append(
        Netlist.Property(
          kind: .assertion, sentence: "`\(port.name)` is the same on both sides",
          condition: builder.compare(.equal, values[0], values[1]), domain: nil, place: port.place))
    }
    return Design(modules: modules + [builder.netlist])
  }

  private static func checkPorts(_ left: Netlist, _ right: Netlist) throws {
    func ports(_ module: Netlist) -> [String: String] {
      var result: [String: String] = [:]
      for signal in module.signals {
        switch signal.role {
        case .input: result[signal.name] = "an input of \(signal.width) bits"
        case .output: result[signal.name] = "an output of \(signal.width) bits"
        default: break
        }
      }
      return result
    }
    let (first, second) = (ports(left), ports(right))
    let odd = Set(first.keys).union(second.keys).sorted().filter { first[$0] != second[$0] }
    if odd.isEmpty { return }
    let list = odd.map { "`\($0)`: \(first[$0] ?? "nothing") and \(second[$0] ?? "nothing")" }
    throw FormalError(
      "modules are compared that have the same ports, but \(left.summary) and \(right.summary) differ in "
        + list.joined(separator: "; "))
  }
}
