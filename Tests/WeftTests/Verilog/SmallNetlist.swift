import Weft

/// Builds one module for a test with few words.
struct SmallNetlist {
  var builder: NetlistBuilder
  private let place = SourcePlace(file: "Small.swift", line: 7)

  /// An empty module.
  init(name: String = "Small") { builder = NetlistBuilder(name: name) }

  /// A signal's value.
  mutating func read(_ id: Netlist.SignalID) -> Netlist.NodeID { builder.reference(id) }

  /// A constant.
  mutating func number(_ value: Int, _ width: Int) -> Netlist.NodeID {
    builder.constant(BitVector(truncating: value, width: width))
  }

  /// Adds a signal.
  mutating func signal(
    _ name: String, _ width: Int, _ role: Netlist.Signal.Role, format: Netlist.Format = .unsigned
  ) -> Netlist.SignalID {
    builder.add(Netlist.Signal(name: name, width: width, role: role, format: format, place: place))
  }

  /// Adds an input and gives its value.
  mutating func input(_ name: String, _ width: Int) -> Netlist.NodeID { read(signal(name, width, .input)) }

  /// An assignment to a signal or, from bit `low`, to a part of it.
  func assign(_ signal: Netlist.SignalID, low: Int = 0, _ value: Netlist.NodeID) -> Netlist.Statement {
    .assign(signal, low: low, value, place)
  }

  /// A conditional statement.
  func when(_ condition: Netlist.NodeID, _ then: [Netlist.Statement], else other: [Netlist.Statement] = [])
    -> Netlist.Statement
  {
    .when(condition, then: then, else: other, place)
  }

  /// A choice by value.
  func match(_ subject: Netlist.NodeID, _ cases: [([Int], [Netlist.Statement])], default other: [Netlist.Statement])
    -> Netlist.Statement
  {
    let width = builder.width(of: subject)
    return .match(
      subject,
      cases: cases.map { codes, body in
        .init(patterns: codes.map { BitVector(truncating: $0, width: width) }, body: body)
      }, default: other, place)
  }

  /// Drives signals at once.
  mutating func drive(_ targets: [Netlist.SignalID], _ statements: [Netlist.Statement]) {
    builder.netlist.processes.append(.init(kind: .combinational, statements: statements, targets: targets))
  }

  /// Adds an output that is equal to a value.
  mutating func output(_ name: String, _ value: Netlist.NodeID) {
    let output = signal(name, builder.width(of: value), .output)
    drive([output], [assign(output, value)])
  }

  /// Adds a register.
  mutating func register(
    _ name: String, _ width: Int, domain: Domain = .main, reset: Int? = nil, initial: Int = 0,
    enable: Netlist.NodeID? = nil
  ) -> Netlist.SignalID {
    use(domain, reset: reset != nil)
    return signal(
      name, width,
      .register(
        .init(
          domain: domain, resetValue: reset.map { BitVector(truncating: $0, width: width) },
          initialValue: BitVector(truncating: initial, width: width), enable: enable)))
  }

  /// Drives registers at the edges of a clock.
  mutating func clock(_ targets: [Netlist.SignalID], domain: Domain = .main, _ statements: [Netlist.Statement]) {
    builder.netlist.processes.append(.init(kind: .clocked(domain), statements: statements, targets: targets))
  }

  /// Adds a memory.
  mutating func memory(
    _ name: String, width: Int, depth: Int, contents: [Int] = [], style: Netlist.MemoryStyle = .automatic
  ) -> Netlist.MemoryID {
    use(.main, reset: false)
    return builder.add(
      Netlist.Memory(
        name: name, width: width, depth: depth,
        contents: contents.map { BitVector(truncating: $0, width: width) }, style: style, place: place))
  }

  /// Adds a read port and gives its word.
  mutating func read(
    _ memory: Netlist.MemoryID, named name: String, at address: Netlist.NodeID, enable: Netlist.NodeID? = nil,
    isSynchronous: Bool = true
  ) -> Netlist.NodeID {
    let data = signal(name, builder.netlist[memory].width, .memoryRead(memory))
    builder.netlist[memory].reads.append(
      .init(address: address, enable: enable, data: data, isSynchronous: isSynchronous))
    return read(data)
  }

  /// Writes a memory while a condition is one.
  mutating func write(
    _ memory: Netlist.MemoryID, at address: Netlist.NodeID, _ data: Netlist.NodeID, when condition: Netlist.NodeID
  ) {
    let write = Netlist.Statement.write(memory, address: address, data: data, low: 0, place)
    builder.netlist.processes.append(
      .init(kind: .memoryWrite(memory), statements: [when(condition, [write])], targets: []))
  }

  /// Notes that the module has a domain's ports.
  mutating func use(_ domain: Domain, reset: Bool) {
    if let index = builder.netlist.domains.firstIndex(where: { $0.domain == domain }) {
      if reset { builder.netlist.domains[index].usesReset = true }
    } else {
      builder.netlist.domains.append(.init(domain: domain, usesReset: reset))
    }
  }

  /// The design of this module alone.
  var design: Design { Design(modules: [builder.netlist]) }
}

/// The design that `build` describes.
func small(_ build: (inout SmallNetlist) -> Void) -> Design {
  var module = SmallNetlist()
  build(&module)
  return module.design
}
