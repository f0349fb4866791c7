import Weft

/// A design as Swift that builds it: what a failing circuit is printed as.
struct SwiftText {
  private var lines: [String] = ["let place = SourcePlace(file: \"circuit\", line: 1)"]

  /// The text of a design.
  static func text(_ design: Design) -> String {
    var writer = SwiftText()
    for (index, module) in design.modules.enumerated() { writer.add(module, index) }
    let modules = design.modules.indices.map { "module\($0).netlist" }
    writer.lines.append("let design = Design(modules: [\(modules.joined(separator: ", "))])")
    return writer.lines.joined(separator: "\n")
  }

  private mutating func add(_ module: Netlist, _ number: Int) {
    let builder = "module\(number)"
    lines.append("var \(builder) = NetlistBuilder(name: \"\(module.name)\")")
    for use in module.domains {
      lines.append(
        "\(builder).netlist.domains.append(.init(domain: \(text(use.domain)), usesReset: \(use.usesReset)))")
    }
    for (index, memory) in module.memories.enumerated() {
      lines.append(
        "let memory\(number)_\(index) = \(builder).add(Netlist.Memory(name: \"\(memory.name)\", width: \(memory.width), "
          + "depth: \(memory.depth), contents: [\(memory.contents.map(text).joined(separator: ", "))], "
          + "domain: \(text(memory.domain)), place: place))")
    }
    for (index, instance) in module.instances.enumerated() {
      lines.append(
        "let instance\(number)_\(index) = \(builder).add(Netlist.Instance(name: \"\(instance.name)\", "
          + "module: \(instance.module), place: place))")
    }
    for (index, signal) in module.signals.enumerated() {
      lines.append(
        "let signal\(number)_\(index) = \(builder).add(Netlist.Signal(name: \"\(signal.name)\", "
          + "width: \(signal.width), role: \(text(signal.role, number)), place: place))")
    }
    for index in module.nodes.indices {
      lines.append("let node\(number)_\(index) = \(text(module, index, number))")
    }
    for (index, signal) in module.signals.enumerated() {
      guard case .register(let register) = signal.role, let enable = register.enable else { continue }
      lines.append(
        "if case .register(var register) = \(builder).netlist[signal\(number)_\(index)].role { register.enable = "
          + "\(name(enable, number)); \(builder).netlist[signal\(number)_\(index)].role = .register(register) }")
    }
    for (index, memory) in module.memories.enumerated() {
      for read in memory.reads {
        lines.append(
          "\(builder).netlist[memory\(number)_\(index)].reads.append(.init(address: \(name(read.address, number)), "
            + "enable: \(read.enable.map { name($0, number) } ?? "nil"), data: signal\(number)_\(read.data.index), "
            + "isSynchronous: \(read.isSynchronous)))")
      }
    }
    for process in module.processes {
      let targets = process.targets.map { "signal\(number)_\($0.index)" }.joined(separator: ", ")
      let kind = switch process.kind {
      case .combinational: ".combinational"
      case .clocked(let domain): ".clocked(\(text(domain)))"
      case .memoryWrite(let memory): ".memoryWrite(memory\(number)_\(memory.index))"
      }
      lines.append(
        "\(builder).netlist.processes.append(.init(kind: \(kind), statements: \(text(process.statements, number)), "
          + "targets: [\(targets)]))")
    }
  }

  // MARK: Pieces

  private func name(_ node: Netlist.NodeID, _ number: Int) -> String { "node\(number)_\(node.index)" }

  private func text(_ bits: BitVector) -> String {
    let words = bits.words.map { "0x" + String($0, radix: 16) }.joined(separator: ", ")
    return "BitVector(words: [\(words)], width: \(bits.width))"
  }

  private func text(_ domain: Domain) -> String {
    "Domain(clock: \"\(domain.clock)\", edge: .\(domain.edge), reset: \"\(domain.reset)\", resetKind: "
      + ".\(domain.resetKind), isResetActiveHigh: \(domain.isResetActiveHigh))"
  }

  private func text(_ role: Netlist.Signal.Role, _ number: Int) -> String {
    switch role {
    case .input: ".input"
    case .output: ".output"
    case .wire: ".wire"
    case .register(let register):
      ".register(.init(domain: \(text(register.domain)), resetValue: \(register.resetValue.map(text) ?? "nil"), "
        + "initialValue: \(text(register.initialValue))))"
    case .instanceInput(let instance, let port):
      ".instanceInput(instance\(number)_\(instance.index), port: \"\(port)\")"
    case .instanceOutput(let instance, let port):
      ".instanceOutput(instance\(number)_\(instance.index), port: \"\(port)\")"
    case .instanceDomain(let instance, let port):
      ".instanceDomain(instance\(number)_\(instance.index), port: \"\(port)\")"
    case .memoryRead(let memory): ".memoryRead(memory\(number)_\(memory.index))"
    }
  }

  private func text(_ module: Netlist, _ index: Int, _ number: Int) -> String {
    let width = module.nodeWidths[index]
    func operand(_ id: Netlist.NodeID) -> String { name(id, number) }
    let call: String = switch module.nodes[index] {
    case .constant(let value): "constant(\(text(value)))"
    case .reference(let signal): "reference(signal\(number)_\(signal.index))"
    case .add(let a, let b): "add(\(operand(a)), \(operand(b)))"
    case .subtract(let a, let b): "subtract(\(operand(a)), \(operand(b)))"
    case .multiply(let a, let b, let signed): "multiply(\(operand(a)), \(operand(b)), signed: \(signed))"
    case .bitwise(let operation, let a, let b): "bitwise(.\(operation), \(operand(a)), \(operand(b)))"
    case .not(let a): "not(\(operand(a)))"
    case .compare(let comparison, let a, let b): "compare(.\(comparison), \(operand(a)), \(operand(b)))"
    case .reduce(let operation, let a): "reduce(.\(operation), \(operand(a)))"
    case .shift(let direction, let a, let amount): "shift(.\(direction), \(operand(a)), by: \(operand(amount)))"
    case .select(let condition, let a, let b): "select(\(operand(condition)), \(operand(a)), \(operand(b)))"
    case .element(let vector, let place): "element(\(operand(vector)), index: \(operand(place)), width: \(width))"
    case .slice(let a, let low): "slice(\(operand(a)), low: \(low), width: \(width))"
    case .concatenate(let parts): "concatenate([\(parts.map(operand).joined(separator: ", "))])"
    case .extend(let a, let signed): "extend(\(operand(a)), to: \(width), signed: \(signed))"
    }
    return "module\(number).\(call)"
  }

  private func text(_ statements: [Netlist.Statement], _ number: Int) -> String {
    let parts = statements.map { statement -> String in
      switch statement {
      case .assign(let signal, let low, let value, _):
        ".assign(signal\(number)_\(signal.index), low: \(low), \(name(value, number)), place)"
      case .when(let condition, let then, let otherwise, _):
        ".when(\(name(condition, number)), then: \(text(then, number)), else: \(text(otherwise, number)), place)"
      case .match(let subject, let cases, let otherwise, _):
        ".match(\(name(subject, number)), cases: ["
          + cases.map {
            ".init(patterns: [\($0.patterns.map(text).joined(separator: ", "))], body: \(text($0.body, number)))"
          }.joined(separator: ", ") + "], default: \(text(otherwise, number)), place)"
      case .write(let memory, let address, let data, let low, _):
        ".write(memory\(number)_\(memory.index), address: \(name(address, number)), data: \(name(data, number)), "
          + "low: \(low), place)"
      }
    }
    return "[\(parts.joined(separator: ", "))]"
  }
}
