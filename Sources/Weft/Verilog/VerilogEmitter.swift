/// Writes one legalised module as Verilog: item after item, each printed as soon as it is known.
struct VerilogEmitter {
  let netlist: Netlist
  let options: VerilogOptions
  /// Every module of the design, seen from outside.
  private let children: [VerilogInterface]
  /// The name of each signal, by its index.
  let names: [String]
  private let drives: SignalDrives
  private let labels: EnumerationLabels
  private let signalNames: SignalNames
  private(set) var writer: ExpressionWriter
  /// The text so far.
  private var printer = VerilogPrinter()
  /// What the items so far read.
  private var reads = ReadBits()
  /// What the last item was.
  private var last = Paragraph.start
  /// The memory images that the module reads.
  private(set) var images: [VerilogFile] = []

  init(_ module: Netlist, children: [VerilogInterface], options: VerilogOptions) {
    netlist = module
    self.children = children
    self.options = options
    signalNames = SignalNames(module)
    names = signalNames.names
    drives = SignalDrives(module)
    labels = EnumerationLabels(module, signalNames: signalNames)
    writer = ExpressionWriter(module, signalNames: signalNames, labels: labels)
  }

  /// What the next item follows.
  private enum Paragraph {
    case start
    case blank
    case assignments
    case other
  }

  /// The module's text.
  mutating func text() -> String {
    let ports = VerilogPort.ports(of: netlist).map { port in
      let isRegister = port.signal.map { drives[$0] == .procedural } ?? false
      return VerilogDeclaration(
        kind: port.isInput ? .input : isRegister ? .outputRegister : .output, name: port.name, width: port.width,
        place: port.signal.flatMap { place(netlist[$0].place) },
        attributes: port.signal.map { netlist[$0].attributes } ?? [])
    }
    if netlist.summary != netlist.name { printer.print(comment: singleLine(netlist.summary)) }
    printer.open(netlist.name, ports: ports)
    let start = printer.position
    reads.reserve(netlist.signals.count)
    for port in ports where port.kind == .input { reads.declare(port) }
    for label in labels.declarations { reads.declare(label) }
    if !labels.declarations.isEmpty { last = .other }
    declareSignals()
    for memory in netlist.memories { emit(memory) }
    for index in netlist.processes.indices { emit(netlist.processes[index]) }
    emitInstances()
    emitProperties()
    gatherUnusedBits()
    printer.close()
    // A constant that nothing reads is left out.
    var constants = VerilogPrinter(depth: 1)
    for label in labels.declarations where reads.reads(label.name) { constants.print(.declaration(label)) }
    printer.insert(constants, at: start)
    return printer.text
  }

  /// Ends a module with a wire that reads every bit that nothing else does, so that no tool has to ask whether a bit
  /// was forgotten.
  private mutating func gatherUnusedBits() {
    let unread = reads.unread()
    if unread.isEmpty { return }
    let value = VerilogExpression.unary(
      .reduceAnd, .concatenation([.literal(BitVector(zero: 1), isSigned: false)] + unread))
    if last != .start { append(.blank) }
    append(.declaration(VerilogDeclaration(kind: .wire, name: signalNames.freeName("unused"), width: 1, value: value)))
  }

  private func singleLine(_ text: String) -> String { String(text.map { $0.isNewline ? " " : $0 }) }

  func place(_ place: SourcePlace) -> SourcePlace? { options.includesPlaces ? place : nil }

  // MARK: Signals

  private mutating func declareSignals() {
    for index in netlist.signals.indices {
      let id = Netlist.SignalID(index: Int32(index))
      if netlist[id].isPort || drives.isInline(id, writer) { continue }
      let signal = netlist[id]
      var declaration = VerilogDeclaration(
        kind: .wire, name: names[index], width: signal.width, place: place(signal.place),
        attributes: signal.attributes)
      switch signal.role {
      case .input, .output: continue
      case .wire, .instanceInput, .instanceOutput, .instanceDomain:
        if drives[id] == .procedural { declaration.kind = .register }
      case .register(let register):
        if drives[id] != .none { declaration.kind = .register }
        declaration.value = constant(register.initialValue, of: id)
      case .memoryRead(let memory):
        let isSynchronous = netlist[memory].reads.contains { $0.data == id && $0.isSynchronous }
        if isSynchronous {
          declaration.kind = .register
          declaration.value = .literal(BitVector(zero: signal.width), isSigned: false)
        }
      }
      append(.declaration(declaration))
    }
  }

  mutating func append(_ item: VerilogItem) {
    reads.note(item)
    printer.print(item)
    last =
      switch item {
      case .blank: .blank
      case .assign: .assignments
      default: .other
      }
  }
  mutating func append(image: VerilogFile) { images.append(image) }
  /// Sets a blank line between items of different kinds.
  mutating func startParagraph(ofAssignments: Bool = false) {
    switch last {
    case .start, .blank: return
    case .assignments where ofAssignments: return
    case .assignments, .other: append(.blank)
    }
  }

  /// Declares the wires that an expression needs.
  mutating func declareWires(for root: Netlist.NodeID) {
    for wire in writer.wires(for: root) { append(.declaration(wire)) }
  }

  // MARK: Processes

  private mutating func emit(_ process: Netlist.Process) {
    switch process.kind {
    case .combinational where process.isUnconditional:
      if process.targets.allSatisfy({ drives.isInline($0, writer) }) { return }
      startParagraph(ofAssignments: true)
      for statement in process.statements {
        guard case .assign(let signal, let low, let value, let place) = statement, !drives.isInline(signal, writer)
        else { continue }
        declareWires(for: value)
        append(.assign(target(signal, low, value), self.value(value, for: signal), place: self.place(place)))
      }
    case .combinational:
      startParagraph()
      declareWires(of: process)
      append(.always(events: [], statements(process.statements, isBlocking: true), place: nil))
    case .clocked(let domain):
      startParagraph()
      declareWires(of: process)
      append(always(domain, process))
    case .memoryWrite(let memory):
      startParagraph()
      declareWires(of: process)
      let events = [edge(netlist[memory].domain)]
      append(.always(events: events, statements(process.statements, isBlocking: false), place: nil))
    }
  }

  private mutating func declareWires(of process: Netlist.Process) {
    var roots: [Netlist.NodeID] = []
    netlist.visitRoots(of: process) { roots.append($0.node) }
    for root in roots { declareWires(for: root) }
  }

  /// The clock edge of a domain as an event.
  func edge(_ domain: Domain) -> String { "\(domain.edge == .rising ? "posedge" : "negedge") \(domain.clock)" }

  private func always(_ domain: Domain, _ process: Netlist.Process) -> VerilogItem {
    var events = [edge(domain)]
    var body = statements(process.statements, isBlocking: false)
    if let enable = netlist.enable(of: process), !body.isEmpty {
      body = [.when(condition(enable), then: body, else: [])]
    }
    let resets = process.targets.compactMap { target -> VerilogStatement? in
      guard case .register(let register) = netlist[target].role, let value = register.resetValue else { return nil }
      return .assign(
        .whole(names[Int(target.index)]), constant(value, of: target), isBlocking: false, place: nil)
    }
    if !resets.isEmpty {
      if domain.resetKind == .asynchronous {
        events.append("\(domain.isResetActiveHigh ? "posedge" : "negedge") \(domain.reset)")
      }
      let reset = VerilogExpression.name(domain.reset)
      body = [.when(domain.isResetActiveHigh ? reset : .unary(.conditionNot, reset), then: resets, else: body)]
    }
    return .always(events: events, body, place: nil)
  }

  // MARK: Statements

  private func target(_ signal: Netlist.SignalID, _ low: Int, _ value: Netlist.NodeID) -> VerilogTarget {
    let width = netlist.width(of: value)
    let name = names[Int(signal.index)]
    return width == netlist[signal].width ? .whole(name) : .bits(name, high: low + width - 1, low: low)
  }

  /// A constant that a signal may hold: a case by its name.
  private func constant(_ value: BitVector, of signal: Netlist.SignalID) -> VerilogExpression {
    labels.label(value, of: signal) ?? .literal(value, isSigned: false)
  }

  /// What a signal takes: a case by its name.
  private func value(_ id: Netlist.NodeID, for signal: Netlist.SignalID) -> VerilogExpression {
    switch (netlist[id], writer.value(id)) {
    case (.constant(let bits), let value): labels.label(bits, of: signal) ?? value
    case (.select(_, let a, let b), .conditional(let condition, _, _)):
      .conditional(condition, value(a, for: signal), value(b, for: signal))
    case (_, let value): value
    }
  }

  private func statements(_ statements: [Netlist.Statement], isBlocking: Bool) -> [VerilogStatement] {
    statements.compactMap { statement in
      switch statement {
      case .assign(let signal, let low, let value, let place):
        return .assign(
          target(signal, low, value), self.value(value, for: signal), isBlocking: isBlocking, place: self.place(place))
      case .when(let condition, let then, let otherwise, _):
        let first = self.statements(then, isBlocking: isBlocking)
        let second = self.statements(otherwise, isBlocking: isBlocking)
        if !first.isEmpty { return .when(self.condition(condition), then: first, else: second) }
        return second.isEmpty ? nil : .when(inverted(self.condition(condition)), then: second, else: [])
      case .match(let subject, let cases, let fallback, _):
        var rest = self.statements(fallback, isBlocking: isBlocking)
        let items = cases.compactMap { item -> VerilogCase? in
          let body = self.statements(item.body, isBlocking: isBlocking)
          // What does nothing does the same as an empty default.
          if body.isEmpty && rest.isEmpty { return nil }
          let patterns = item.patterns.map { pattern -> VerilogExpression in
            if case .reference(let signal) = netlist[subject] { return constant(pattern, of: signal) }
            return .literal(pattern, isSigned: false)
          }
          return VerilogCase(patterns: patterns, body: body)
        }
        if !rest.isEmpty, case .reference(let signal) = netlist[subject] {
          let others = labels.names(of: signal, except: Set(cases.flatMap(\.patterns)))
          if !others.isEmpty { rest.insert(.remark(others.joined(separator: ", ")), at: 0) }
        }
        return .match(writer.value(subject), cases: items, default: rest)
      case .write(let memory, let address, let data, let low, let place):
        return write(memory, address, data, low: low, place)
      }
    }
  }

  /// One bit as a condition.
  func condition(_ id: Netlist.NodeID) -> VerilogExpression {
    let bit = writer.value(id)
    if case .unary(.not, let operand) = bit { return .unary(.conditionNot, operand) }
    return bit
  }

  func inverted(_ condition: VerilogExpression) -> VerilogExpression {
    if case .unary(.conditionNot, let operand) = condition { return operand }
    if case .binary(let comparison, let a, let b) = condition, let opposite = comparison.opposite {
      return .binary(opposite, a, b)
    }
    return .unary(.conditionNot, condition)
  }

  // MARK: Instances

  private mutating func emitInstances() {
    if netlist.instances.isEmpty { return }
    let bound = InstancePorts(netlist, modules: children.map(\.signals))
    let domainDrives = netlist.domainDrives()
    for (index, instance) in netlist.instances.enumerated() {
      startParagraph()
      var connections: [VerilogConnection] = []
      for port in children[instance.module].ports {
        let value: VerilogExpression =
          if port.signal == nil {
            domainDrives[.init(index: Int32(index))]?[port.domainPort].map { connected($0) } ?? .name(port.domainPort)
          } else if let signal = port.signal.flatMap({ bound[.init(index: Int32(index)), $0] }) {
            connected(signal)
          } else if port.isInput {
            .literal(BitVector(zero: port.width), isSigned: false)
          } else {
            .name(declareUnused(port, of: instance))
          }
        connections.append(VerilogConnection(port: port.name, isInput: port.isInput, value: value))
      }
      append(
        .instance(
          VerilogInstance(
            module: children[instance.module].name, parameters: children[instance.module].parameters,
            name: instance.name, connections: connections, attributes: instance.attributes,
            place: place(instance.place))))
    }
  }

  private mutating func connected(_ signal: Netlist.SignalID) -> VerilogExpression {
    guard drives.isInline(signal, writer), case .single(let value) = drives[signal] else {
      return .name(names[Int(signal.index)])
    }
    declareWires(for: value)
    return writer.value(value)
  }

  private mutating func declareUnused(_ port: VerilogPort, of instance: Netlist.Instance) -> String {
    let name = signalNames.freeName("unused_\(instance.name)_\(port.name)")
    append(.declaration(VerilogDeclaration(kind: .wire, name: name, width: port.width)))
    return name
  }
}
