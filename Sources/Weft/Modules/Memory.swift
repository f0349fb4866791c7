/// A memory of a module: an array of words.
///
/// A read gives, after a clock edge, the word that was there before it: a write at the same edge is not seen.
public struct Memory<Element: Signal> {
  /// The number of words.
  public let depth: Int
  /// What a word looks like.
  public let shape: Shape<Element>
  private let name: String
  private let id: Netlist.MemoryID
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
          name: name, width: width, depth: max(1, depth), contents: contents.filter { $0.width == width }, domain: domain,
          style: style, reads: [], place: place))
    }
  }

  /// The least bits that address every word.
  public var addressWidth: Int { max(1, Int.bitWidth - (depth - 1).leadingZeroBitCount) }

  /// The word at `address`, one clock edge later.
  public subscript(address: Unsigned) -> Element { read(address) }

  /// The word at `address`, after each clock edge at which `enable` is one; between them it stays.
  ///
  /// - Parameter port: the name of the read port; by default that of the property that is being declared, else the
  ///   memory's own.
  public func read(
    _ address: Unsigned, enable: Bit = 1, port: String? = nil, file: String = #fileID, line: Int = #line
  ) -> Element {
    let port = port ?? "\(scope.generatedName(name))_read"
    let place = scope.evaluatingPlace ?? SourcePlace(file: file, line: line)
    let addressNode = scope.node(scope.sized(address.operand, width: addressWidth))
    let enableNode = scope.node(scope.sized(enable.operand, width: 1))
    return scope.generated(port, from: [addressNode, enableNode], at: place) {
      let layout = shape.layout.repaired
      scope.add(port, .bits(layout.width), .memoryRead(id), at: place)
      let operand = scope.signal(named: port, layout)
      if let data = scope.signalID(named: port) {
        scope.builder { builder in
          let isAlways = builder.constant(of: enableNode)?.isAllOnes == true
          builder.netlist[id].reads.append(
            Netlist.MemoryRead(
              address: addressNode, enable: isAlways ? nil : enableNode, data: data, isSynchronous: true))
        }
      }
      return Element.bind(layout, .packed(scope.node(operand), low: 0))
    }
  }

  /// Puts `value` at `address` at the next clock edge, where the surrounding conditions hold.
  public func write(_ value: Element, at address: Unsigned) -> Circuit {
    let width = shape.layout.repaired.width
    let isSigned = shape.layout.isSigned
    let data: Netlist.NodeID
    if let scalar = value as? any Scalar {
      data = scope.node(scope.sized(scalar.operand, width: width, signed: isSigned))
    } else {
      data = value.packed
    }
    if scope.builder({ $0.width(of: data) }) != width {
      scope.report(
        .width, "a value of \(scope.builder { $0.width(of: data) }) bits is written to `\(name)`, whose words have \(width)")
      return Circuit([])
    }
    return Circuit(kind: .write(id, address: scope.node(scope.sized(address.operand, width: addressWidth)), data: data))
  }
}
