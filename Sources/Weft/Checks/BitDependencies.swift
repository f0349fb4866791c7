/// Which bits a bit is computed from without a clock edge between, in a module whose children are known.
final class BitDependencies {
  /// One bit of a signal.
  struct BitOf: Hashable, Comparable {
    var signal: Netlist.SignalID
    var bit: Int

    static func < (a: BitOf, b: BitOf) -> Bool { (a.signal.index, a.bit) < (b.signal.index, b.bit) }
  }

  let netlist: Netlist
  private let children: [BitDependencies]
  /// The module's own ports.
  let ports: ModulePorts
  private let instancePorts: InstancePorts
  /// The processes that drive each signal.
  let drivers: DirectedGraph
  private let addresses: [Netlist.SignalID: Netlist.NodeID]
  private var known: [BitOf: Set<BitOf>] = [:]

  /// - Parameter children: those of all modules before this one in the design.
  init(netlist: Netlist, children: [BitDependencies]) {
    self.netlist = netlist
    self.children = children
    ports = ModulePorts(netlist)
    instancePorts = InstancePorts(netlist, modules: children.map(\.ports))
    drivers = netlist.drivers()
    var addresses: [Netlist.SignalID: Netlist.NodeID] = [:]
    for read in netlist.memories.flatMap(\.reads) where !read.isSynchronous { addresses[read.data] = read.address }
    self.addresses = addresses
  }

  /// The statements that drive a signal, and maybe others.
  func statements(driving signal: Netlist.SignalID) -> [Netlist.Statement] {
    let drivers = drivers[Int(signal.index)]
    if drivers.count == 1, let driver = drivers.first { return netlist.processes[Int(driver)].statements }
    return drivers.flatMap { netlist.processes[Int($0)].statements }
  }

  /// The address that an asynchronous read port of a memory gives the word of.
  func address(ofRead data: Netlist.SignalID) -> Netlist.NodeID? { addresses[data] }

  /// The signal at a port of an instance, if it is mentioned; the port is a signal of the instance's module.
  func signal(at port: Netlist.SignalID, of instance: Netlist.InstanceID) -> Netlist.SignalID? {
    instancePorts[instance, port]
  }

  /// What is known of the module that an instance stands for.
  func child(of instance: Netlist.InstanceID) -> BitDependencies { children[netlist[instance].module] }

  /// The bits that a bit is computed from directly; none for one that changes at a clock edge.
  func dependencies(of bit: BitOf) -> Set<BitOf> {
    switch netlist[bit.signal].role {
    case .input, .register: return []
    case .memoryRead: return bits(of: address(ofRead: bit.signal).map { [$0] } ?? [])
    case .instanceOutput(let instance, let port):
      let child = child(of: instance)
      guard let output = child.ports[port] else { return [] }
      let inputs = child.inputBits(reaching: BitOf(signal: output, bit: bit.bit))
      return Set(
        inputs.compactMap { input in
          signal(at: input.signal, of: instance).map { BitOf(signal: $0, bit: input.bit) }
        })
    case .output, .wire, .instanceInput, .instanceDomain: return assignedBits(of: bit)
    }
  }

  /// The bits that the statements which drive a bit, clocked or not, compute it from.
  func assignedBits(of bit: BitOf) -> Set<BitOf> {
    var trace = Trace(netlist: netlist)
    for driver in drivers[Int(bit.signal.index)] {
      for statement in netlist.processes[Int(driver)].statements { _ = trace.follow(statement, for: bit) }
    }
    return trace.found
  }

  /// The bits that expressions read.
  func bits(of nodes: [Netlist.NodeID]) -> Set<BitOf> {
    var trace = Trace(netlist: netlist)
    for node in nodes { trace.followAll(node) }
    return trace.found
  }

  /// The bits of the module's inputs that reach a bit at once.
  func inputBits(reaching start: BitOf) -> Set<BitOf> {
    if let known = known[start] { return known }
    var seen: Set<BitOf> = [start]
    var stack = [start]
    var inputs: Set<BitOf> = []
    while let bit = stack.popLast() {
      if netlist[bit.signal].role == .input { inputs.insert(bit) }
      for next in dependencies(of: bit) where seen.insert(next).inserted { stack.append(next) }
    }
    known[start] = inputs
    return inputs
  }
}

extension BitDependencies {
  /// Collects the signal bits that statements and expressions read.
  private struct Trace {
    let netlist: Netlist
    var found: Set<BitOf> = []
    private var seen: Set<NodeBit> = []

    private struct NodeBit: Hashable {
      var node: Netlist.NodeID
      var bit: Int
    }

    init(netlist: Netlist) { self.netlist = netlist }

    /// Adds what `bit` reads in `statement`, and tells whether the statement assigns it.
    mutating func follow(_ statement: Netlist.Statement, for bit: BitOf) -> Bool {
      switch statement {
      case .assign(let target, let low, let value, _):
        guard target == bit.signal, bit.bit >= low, bit.bit < low + netlist.width(of: value) else { return false }
        follow(value, bit.bit - low)
        return true
      case .when(let condition, let then, let otherwise, _):
        var assigns = false
        for inner in then + otherwise where follow(inner, for: bit) { assigns = true }
        if assigns { follow(condition, 0) }
        return assigns
      case .match(let subject, let cases, let otherwise, _):
        var assigns = false
        for inner in cases.flatMap(\.body) + otherwise where follow(inner, for: bit) { assigns = true }
        if assigns { followAll(subject) }
        return assigns
      case .write: return false
      }
    }

    /// Adds the signal bits that an expression is computed from.
    mutating func followAll(_ node: Netlist.NodeID) {
      for bit in 0..<netlist.width(of: node) { follow(node, bit) }
    }

    private mutating func followUp(to bit: Int, _ node: Netlist.NodeID) {
      for index in 0...min(bit, netlist.width(of: node) - 1) { follow(node, index) }
    }

    /// Adds the signal bits that one bit of an expression is computed from.
    private mutating func follow(_ node: Netlist.NodeID, _ bit: Int) {
      guard seen.insert(NodeBit(node: node, bit: bit)).inserted else { return }
      switch netlist[node] {
      case .constant: break
      case .reference(let signal): found.insert(BitOf(signal: signal, bit: bit))
      case .add(let a, let b), .subtract(let a, let b), .multiply(let a, let b, _):
        followUp(to: bit, a)
        followUp(to: bit, b)
      case .bitwise(_, let a, let b):
        follow(a, bit)
        follow(b, bit)
      case .not(let a): follow(a, bit)
      case .compare(_, let a, let b), .shift(_, let a, let b):
        followAll(a)
        followAll(b)
      case .reduce(_, let a): followAll(a)
      case .select(let condition, let a, let b):
        follow(condition, 0)
        follow(a, bit)
        follow(b, bit)
      case .element(let vector, let index):
        followAll(index)
        for low in stride(from: bit, to: netlist.width(of: vector), by: netlist.width(of: node)) { follow(vector, low) }
      case .slice(let a, let low): follow(a, bit + low)
      case .concatenate(let parts):
        var base = 0
        for part in parts.reversed() {
          let width = netlist.width(of: part)
          if bit < base + width { return follow(part, bit - base) }
          base += width
        }
      case .extend(let a, let signed):
        let width = netlist.width(of: a)
        if bit < width { follow(a, bit) } else if signed { follow(a, width - 1) }
      }
    }
  }
}
