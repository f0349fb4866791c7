import Weft

/// Builds one random module. Every expression reads only what is complete, so that there is no combinational loop.
struct RandomModule {
  var builder: NetlistBuilder
  var random: SeededGenerator
  private let domains: [Domain]
  private let widest: Int
  private let children: [Netlist]
  /// What expressions may read.
  private var pool: [Netlist.NodeID] = []
  private var registers: [Netlist.SignalID] = []
  private let place = SourcePlace(file: "random", line: 1)

  init(name: String, domains: [Domain], widest: Int, children: [Netlist], random: SeededGenerator) {
    builder = NetlistBuilder(name: name)
    self.domains = domains
    self.widest = widest
    self.children = children
    self.random = random
  }

  /// Fills the module: inputs, registers and memories, wires and instances over them, updates, outputs.
  mutating func fill(size: Int) {
    for index in 0..<random.number(in: 2...5) {
      pool.append(builder.reference(signal("input\(index)", width: randomWidth(), .input)))
    }
    let outputs = (0..<random.number(in: 1...4)).map { signal("output\($0)", width: randomWidth(), .output) }
    for index in 0..<random.number(in: 1...4) { addRegister(index) }
    if random.oneIn(2) { addMemory() }
    if !children.isEmpty { for index in 0..<random.number(in: 1...2) { addInstance(index) } }
    for index in 0..<3 {
      addNodes(size / 4)
      drive(signal("wire\(index)", width: randomWidth(), .wire), readable: true)
    }
    addNodes(size / 4)
    for register in registers { update(register) }
    for output in outputs { drive(output, readable: false) }
    for instance in builder.netlist.instances {
      for use in children[instance.module].domains { builder.netlist.use(use.domain, reset: use.usesReset) }
    }
  }
}

// MARK: - Signals

extension RandomModule {
  private mutating func signal(_ name: String, width: Int, _ role: Netlist.Signal.Role) -> Netlist.SignalID {
    builder.add(Netlist.Signal(name: name, width: width, role: role, place: place))
  }

  private mutating func randomWidth() -> Int {
    let width = switch random.number(in: 0...5) {
    case 0: 1
    case 1, 2: random.number(in: 2...16)
    case 3: random.number(in: 17...64)
    case 4: [31, 32, 33, 63, 64, 65].randomElement(using: &random) ?? 64
    default: random.number(in: 65...150)
    }
    return width > widest ? random.number(in: 1...widest) : width
  }

  private mutating func randomDomain() -> Domain {
    domains.count == 1 ? domains[0] : domains.randomElement(using: &random) ?? .main
  }

  private mutating func randomBits(_ width: Int) -> BitVector {
    var words: [UInt64] = []
    for _ in 0..<BitVector.wordCount(forWidth: width) { words.append(random.next()) }
    return BitVector(words: words, width: width)
  }

  private mutating func addRegister(_ index: Int) {
    let domain = randomDomain()
    let width = randomWidth()
    let isReset = random.oneIn(2)
    builder.netlist.use(domain, reset: isReset)
    let initial = randomBits(width)
    let enable = random.oneIn(3) ? resized(pick(), to: 1) : nil
    let register = Netlist.Register(
      domain: domain, resetValue: isReset ? initial : nil, initialValue: initial, enable: enable)
    let id = signal("register\(index)", width: width, .register(register))
    registers.append(id)
    pool.append(builder.reference(id))
  }

  private mutating func addMemory() {
    let domain = randomDomain()
    builder.netlist.use(domain, reset: false)
    let (width, depth) = (randomWidth(), random.number(in: 2...40))
    var contents: [BitVector] = []
    for _ in 0..<random.number(in: 0...depth) { contents.append(randomBits(width)) }
    let id = builder.add(
      Netlist.Memory(name: "memory", width: width, depth: depth, contents: contents, domain: domain, place: place))
    for index in 0..<random.number(in: 1...2) {
      let isSynchronous = random.oneIn(2)
      let data = signal("read\(index)", width: width, .memoryRead(id))
      builder.netlist[id].reads.append(
        .init(
          address: resized(pick(), to: random.number(in: 1...7)),
          enable: isSynchronous && random.oneIn(2) ? resized(pick(), to: 1) : nil, data: data,
          isSynchronous: isSynchronous))
      pool.append(builder.reference(data))
    }
    guard random.oneIn(3) == false else { return }
    let statements = (0..<random.number(in: 1...3)).map { _ in
      let low = random.oneIn(2) ? 0 : random.number(in: 0...width - 1)
      let part = random.oneIn(2) ? width - low : random.number(in: 1...width - low)
      let write = Netlist.Statement.write(
        id, address: resized(pick(), to: random.number(in: 1...7)), data: resized(pick(), to: part), low: low, place)
      return random.oneIn(2) ? write : .when(resized(pick(), to: 1), then: [write], else: [], place)
    }
    builder.netlist.processes.append(.init(kind: .memoryWrite(id), statements: statements, targets: []))
  }

  private mutating func addInstance(_ index: Int) {
    let module = random.number(in: 0...children.count - 1)
    let child = children[module]
    let instance = builder.add(Netlist.Instance(name: "instance\(index)", module: module, place: place))
    for port in child.signals where port.role == .input {
      let id = signal(
        "instance\(index)_\(port.name)", width: port.width, .instanceInput(instance, port: port.name))
      drive(id, readable: false)
    }
    for port in child.signals where port.role == .output {
      let id = signal(
        "instance\(index)_\(port.name)", width: port.width, .instanceOutput(instance, port: port.name))
      pool.append(builder.reference(id))
    }
  }
}

// MARK: - Expressions

extension RandomModule {
  private mutating func pick() -> Netlist.NodeID {
    if random.oneIn(8) {
      let width = randomWidth()
      return builder.constant(randomBits(width))
    }
    // Later nodes more often, so that expressions grow deep.
    let index = max(random.number(in: 0...pool.count - 1), random.number(in: 0...pool.count - 1))
    return pool[index]
  }

  /// `node` in another width.
  private mutating func resized(_ node: Netlist.NodeID, to width: Int) -> Netlist.NodeID {
    let current = builder.width(of: node)
    if current < width { return builder.extend(node, to: width, signed: random.oneIn(2)) }
    if current > width { return builder.slice(node, low: random.number(in: 0...current - width), width: width) }
    return node
  }

  private mutating func addNodes(_ count: Int) {
    for _ in 0..<count { pool.append(node()) }
  }

  private mutating func node() -> Netlist.NodeID {
    let a = pick()
    let width = builder.width(of: a)
    switch random.number(in: 0...14) {
    case 0: return builder.add(a, resized(pick(), to: width))
    case 1: return builder.subtract(a, resized(pick(), to: width))
    case 2, 3:
      let b = pick()
      let most = min(70, widest)
      let left = resized(a, to: min(width, most))
      return builder.multiply(left, resized(b, to: min(builder.width(of: b), most)), signed: random.oneIn(2))
    case 4:
      let operation: Netlist.BitwiseOperator = [.and, .or, .xor].randomElement(using: &random) ?? .and
      return builder.bitwise(operation, a, resized(pick(), to: width))
    case 5: return builder.not(a)
    case 6, 7:
      let comparison: Netlist.Comparison = [.equal, .less, .lessSigned].randomElement(using: &random) ?? .less
      return builder.compare(comparison, a, resized(pick(), to: width))
    case 8:
      let operation: Netlist.BitwiseOperator = [.and, .or, .xor].randomElement(using: &random) ?? .and
      return builder.reduce(operation, a)
    case 9:
      let direction: Netlist.ShiftDirection = [.left, .right, .rightArithmetic].randomElement(using: &random) ?? .left
      let amount = pick()
      return builder.shift(direction, a, by: random.oneIn(4) ? amount : resized(amount, to: random.number(in: 1...8)))
    case 10: return builder.select(resized(pick(), to: 1), a, resized(pick(), to: width))
    case 11:
      let element = random.oneIn(4) ? random.number(in: 65...80) : random.number(in: 1...20)
      let vector = resized(a, to: element * random.number(in: 2...6))
      return builder.element(vector, index: resized(pick(), to: random.number(in: 1...4)), width: element)
    case 12: return resized(a, to: random.number(in: 1...width))
    case 13:
      var parts = [a]
      for _ in 0..<random.number(in: 1...3) { parts.append(pick()) }
      let joined = builder.concatenate(parts)
      return resized(joined, to: min(builder.width(of: joined), widest + 50))
    default:
      let more = min(width + random.number(in: 1...40), max(width, widest + 50))
      return builder.extend(a, to: more, signed: random.oneIn(2))
    }
  }
}

// MARK: - Statements

extension RandomModule {
  /// Drives a signal combinationally: whole or in parts, under conditions that a default comes before or that are
  /// complete.
  private mutating func drive(_ signal: Netlist.SignalID, readable: Bool) {
    let width = builder.netlist[signal].width
    var processes: [[Netlist.Statement]] = []
    if width > 3, random.oneIn(3) {
      let split = random.number(in: 1...width - 1)
      processes = [statements(signal, low: 0, width: split), statements(signal, low: split, width: width - split)]
      if random.oneIn(2) { processes = [processes[0] + processes[1]] }
    } else {
      processes = [statements(signal, low: 0, width: width)]
    }
    for statements in processes {
      builder.netlist.processes.append(.init(kind: .combinational, statements: statements, targets: [signal]))
    }
    if readable { pool.append(builder.reference(signal)) }
  }

  private mutating func statements(_ signal: Netlist.SignalID, low: Int, width: Int) -> [Netlist.Statement] {
    let whole = assignment(signal, low: low, width: width)
    switch random.number(in: 0...2) {
    case 0: return [whole]
    case 1: return [whole, condition(signal, low: low, width: width, depth: 2, isComplete: false)]
    default: return [condition(signal, low: low, width: width, depth: 2, isComplete: true)]
    }
  }

  private mutating func assignment(_ signal: Netlist.SignalID, low: Int, width: Int) -> Netlist.Statement {
    .assign(signal, low: low, resized(pick(), to: width), place)
  }

  /// Assigns on some paths, or on all.
  private mutating func condition(
    _ signal: Netlist.SignalID, low: Int, width: Int, depth: Int, isComplete: Bool
  ) -> Netlist.Statement {
    if random.oneIn(3) {
      let subject = resized(pick(), to: random.number(in: 1...5))
      let subjectWidth = builder.width(of: subject)
      let codes = Array((0..<1 << subjectWidth).shuffled(using: &random).prefix(random.number(in: 1...6)))
      var cases: [Netlist.MatchCase] = []
      var rest = codes[...]
      while !rest.isEmpty {
        let count = min(rest.count, random.number(in: 1...2))
        let patterns = rest.prefix(count).map { BitVector(truncating: $0, width: subjectWidth) }
        rest = rest.dropFirst(count)
        cases.append(.init(patterns: patterns, body: body(signal, low, width, depth, isComplete)))
      }
      return .match(subject, cases: cases, default: body(signal, low, width, depth, isComplete), place)
    }
    return .when(
      resized(pick(), to: 1), then: body(signal, low, width, depth, isComplete),
      else: body(signal, low, width, depth, isComplete), place)
  }

  private mutating func body(
    _ signal: Netlist.SignalID, _ low: Int, _ width: Int, _ depth: Int, _ isComplete: Bool
  ) -> [Netlist.Statement] {
    if depth > 0, random.oneIn(3) {
      return [condition(signal, low: low, width: width, depth: depth - 1, isComplete: isComplete)]
    }
    if isComplete { return [assignment(signal, low: low, width: width)] }
    if random.oneIn(3) { return [] }
    let part = random.number(in: 1...width)
    return [assignment(signal, low: low + random.number(in: 0...width - part), width: part)]
  }

  private mutating func update(_ register: Netlist.SignalID) {
    guard case .register(let properties) = builder.netlist[register].role else { return }
    let width = builder.netlist[register].width
    var statements = random.oneIn(2) ? [assignment(register, low: 0, width: width)] : []
    if statements.isEmpty || random.oneIn(2) {
      statements.append(condition(register, low: 0, width: width, depth: 2, isComplete: false))
    }
    builder.netlist.processes.append(
      .init(kind: .clocked(properties.domain), statements: statements, targets: [register]))
  }
}

extension Netlist {
  /// Notes that the module has a domain's clock, and perhaps its reset.
  mutating func use(_ domain: Domain, reset: Bool) {
    if let known = domains.firstIndex(where: { $0.domain == domain }) {
      domains[known].usesReset = domains[known].usesReset || reset
    } else {
      domains.append(DomainUse(domain: domain, usesReset: reset))
    }
  }
}
