/// A memory of a module: an array of words.
///
/// A read gives, after a clock edge, the word that was there before it, unless its port says otherwise. Any number of
/// ports read; ports that write share the memory's clock.
public struct Memory<Element: Signal> {
  /// The number of words.
  public let depth: Int
  /// What a word looks like.
  public let shape: Shape<Element>
  private let name: String
  let id: Netlist.MemoryID
  private let scope: Scope

  init(
    name: String, depth: Int, shape: Shape<Element>, contents: [BitVector], style: Netlist.MemoryStyle,
    domain: Domain, scope: Scope, place: SourcePlace
  ) {
    self.name = name
    self.depth = max(1, depth)
    self.shape = shape
    self.scope = scope
    scope.claim(name, at: place)
    if depth < 1 { scope.report(.width, "the memory `\(name)` has \(depth) words; a memory has at least 1") }
    if let problem = shape.layout.problem { scope.report(.width, "the memory `\(name)` has words of \(problem)") }
    if contents.count > depth {
      scope.report(.width, "the memory `\(name)` has \(depth) words, but contents of \(contents.count) are given")
    }
    let width = shape.layout.repaired.width
    if let odd = contents.first(where: { $0.width != width }) {
      scope.report(.width, "the memory `\(name)` has words of \(width) bits, but a word of \(odd.width) is given")
    }
    id = scope.builder {
      $0.add(
        Netlist.Memory(
          name: name, width: width, depth: max(1, depth), contents: contents.filter { $0.width == width },
          domain: domain,
          style: style, reads: [], place: place))
    }
  }

  /// The least bits that address every word.
  public var addressWidth: Int { max(1, Int.bitWidth - (depth - 1).leadingZeroBitCount) }

  /// The word at `address`, one clock edge later.
  public subscript(address: Unsigned) -> Element { read(address) }

  /// The word at `address`, after each clock edge at which `enable` is one; between them it stays. It starts at zero.
  ///
  /// - Parameters:
  ///   - mode: what the port gives where the memory is written at the same edge.
  ///   - port: the name of the read port; by default that of the property that is being declared, else the memory's
  ///     own.
  ///   - domain: the domain that clocks the port; by default the memory's. Only reads of the memory's own domain can
  ///     have another mode than `readFirst`.
  public func read(
    _ address: Unsigned, enable: Bit = 1, mode: MemoryReadMode = .readFirst, port: String? = nil,
    domain: Domain? = nil, file: String = #fileID, line: Int = #line
  ) -> Element {
    let (port, place) = (portName(port), scope.evaluatingPlace ?? SourcePlace(file: file, line: line))
    let addressNode = scope.node(scope.sized(address.operand, width: addressWidth))
    let enableNode = scope.node(scope.sized(enable.operand, width: 1))
    return scope.generated(port, from: [addressNode, enableNode], at: place) {
      let isAlways = scope.builder { $0.constant(of: enableNode)?.isAllOnes == true }
      let own = scope.builder { $0.netlist[id].domain }
      if mode != .readFirst, domain ?? own != own {
        scope.report(
          .memoryPort,
          "the read port `\(port)` has another clock than the writes to `\(name)`, so that it can only be `.readFirst`",
          at: place)
      }
      return addRead(
        port, mode: mode, at: place,
        Netlist.MemoryRead(
          address: addressNode, enable: isAlways ? nil : enableNode, data: .init(index: 0),
          domain: domain == own ? nil : domain))
    }
  }

  /// The word at `address` at once, without a clock edge between: registers or distributed memory.
  ///
  /// - Parameter port: the name of the read port; by default that of the property that is being declared, else the
  ///   memory's own.
  public func asynchronousRead(
    _ address: Unsigned, port: String? = nil, file: String = #fileID, line: Int = #line
  ) -> Element {
    let (port, place) = (portName(port), scope.evaluatingPlace ?? SourcePlace(file: file, line: line))
    let addressNode = scope.node(scope.sized(address.operand, width: addressWidth))
    return scope.generated(port, from: [addressNode], at: place) {
      addRead(
        port, mode: .readFirst, at: place,
        Netlist.MemoryRead(address: addressNode, data: .init(index: 0), isSynchronous: false))
    }
  }

  private func portName(_ port: String?) -> String { port ?? "\(scope.generatedName(name))_read" }

  private func addRead(
    _ port: String, mode: MemoryReadMode, at place: SourcePlace, _ read: Netlist.MemoryRead
  ) -> Element {
    let layout = shape.layout.repaired
    let stored = mode == .writeFirst ? "\(port)_stored" : port
    scope.add(stored, .bits(layout.width), .memoryRead(id), at: place)
    if mode == .writeFirst { scope.add(port, .bits(layout.width), .wire, at: place) }
    if let data = scope.signalID(named: stored), let result = scope.signalID(named: port) {
      var read = read
      read.data = data
      let index = scope.builder { builder in
        builder.netlist[id].reads.append(read)
        return builder.netlist[id].reads.count - 1
      }
      if mode != .readFirst {
        scope.collisions.append(MemoryCollision(memory: id, read: index, mode: mode, result: result, place: place))
      }
    }
    let operand = scope.signal(named: port, layout)
    return Element.bind(layout, .packed(scope.node(operand), low: 0))
  }

  /// Puts `value` at `address` at the next clock edge, where the surrounding conditions hold. Of several ports that
  /// write one word at one edge, the one that is written last in the body wins.
  ///
  /// - Parameters:
  ///   - mask: one bit for each of as many equal parts of the word, the lowest first: only parts whose bit is one
  ///     change. Without it the whole word changes.
  ///   - port: the name of the write port. Each port is written in one place of the body.
  public func write(_ value: Element, at address: Unsigned, mask: Bits? = nil, port: String = "write") -> Circuit {
    let width = shape.layout.repaired.width
    let layout = shape.layout.repaired
    if !scope.writePorts.insert("\(name).\(port)").inserted {
      scope.report(
        .memoryPort,
        "the port `\(port)` of the memory `\(name)` is written in more than one place; choose address and value with "
          + "`select` and write once, or give the other write a port of its own with `port:`")
    }
    let data: Netlist.NodeID
    if let scalar = value as? any Scalar {
      data = scope.node(scope.sized(scalar.operand, as: layout))
    } else {
      data = value.packed
    }
    if case .fixed = layout, value.signalLayout != layout, (value as? any Scalar)?.operand.isLiteral != true {
      scope.report(.width, "a value of \(value.signalLayout) is written to `\(name)`, whose words are \(layout)")
      return Circuit([])
    }
    if scope.builder({ $0.width(of: data) }) != width {
      scope.report(
        .width,
        "a value of \(scope.builder { $0.width(of: data) }) bits is written to `\(name)`, whose words have \(width)")
      return Circuit([])
    }
    let addressNode = scope.node(scope.sized(address.operand, width: addressWidth))
    guard let mask else { return Circuit(kind: .write(id, address: addressNode, data: data, low: 0)) }
    return write(data, at: addressNode, mask: scope.node(mask.operand))
  }

  private func write(_ data: Netlist.NodeID, at address: Netlist.NodeID, mask: Netlist.NodeID) -> Circuit {
    let (width, parts) = scope.builder { ($0.width(of: data), $0.width(of: mask)) }
    guard width % parts == 0 else {
      scope.report(
        .width, "a mask of \(parts) bits does not divide the \(width) bits of a word of `\(name)` into equal parts")
      return Circuit([])
    }
    let size = width / parts
    return Circuit(
      (0..<parts).map { part in
        let bit = scope.builder { $0.slice(mask, low: part, width: 1) }
        let bits = scope.builder { $0.slice(data, low: part * size, width: size) }
        return Circuit(
          kind: .when(
            bit, then: Circuit(kind: .write(id, address: address, data: bits, low: part * size)), else: Circuit([])))
      })
  }
}
