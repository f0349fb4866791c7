extension VerilogEmitter {
  /// Contents up to this many words stand in the module.
  private static var inlineWords: Int { 32 }

  /// Declares a memory with its first contents and its read ports.
  mutating func emit(_ memory: Netlist.Memory) {
    startParagraph()
    let style: String? = memory.style == .automatic ? nil : memory.style.rawValue
    append(
      .memory(
        name: memory.name, width: memory.width, depth: memory.depth, style: style, place: place(memory.place)))
    emitContents(of: memory)
    for read in memory.reads { emit(read, of: memory) }
  }

  private mutating func emitContents(of memory: Netlist.Memory) {
    let words = memory.contents.prefix(memory.depth)
    let used = words.lastIndex { !$0.isZero }.map { $0 + 1 } ?? 0
    if used > Self.inlineWords {
      let name = "\(netlist.name)_\(memory.name).hex"
      let zero = BitVector(zero: memory.width).hexadecimal + "\n"
      var text = ""
      for word in words { text += word.hexadecimal + "\n" }
      for _ in words.count..<memory.depth { text += zero }
      append(image: VerilogFile(name: name, contents: text))
      let folder = options.imageDirectory.map { $0.hasSuffix("/") ? $0 : $0 + "/" } ?? ""
      append(.load(memory: memory.name, path: folder + name))
      return
    }
    let isShort = memory.depth <= Self.inlineWords
    if !isShort { append(.clear(memory: memory.name, width: memory.width, depth: memory.depth)) }
    let count = isShort ? memory.depth : used
    if count == 0 { return }
    append(
      .initial(
        (0..<count).map { position in
          let word = position < words.count ? words[position] : BitVector(zero: memory.width)
          return .assign(
            .word(memory.name, .number(position)), .literal(word, isSigned: false), isBlocking: true, place: nil)
        }))
  }

  private mutating func emit(_ read: Netlist.MemoryRead, of memory: Netlist.Memory) {
    startParagraph()
    declareWires(for: read.address)
    if let enable = read.enable { declareWires(for: enable) }
    let shape = MemoryShape(memory)
    let zero = VerilogExpression.literal(BitVector(zero: memory.width), isSigned: false)
    let data = VerilogTarget.whole(names[Int(read.data.index)])
    let word = VerilogExpression.word(memory.name, writer.index(read.address, width: shape.addressWidth))
    let isGuarded = shape.canExceed(read.address, in: netlist)
    if !read.isSynchronous {
      let value = isGuarded ? .conditional(writer.isBelow(read.address, memory.depth), word, zero) : word
      append(.assign(data, value, place: place(memory.place)))
      return
    }
    var body = [VerilogStatement.assign(data, word, isBlocking: false, place: nil)]
    if isGuarded {
      let missing = VerilogStatement.assign(data, zero, isBlocking: false, place: nil)
      body = [.when(writer.isBelow(read.address, memory.depth), then: body, else: [missing])]
    }
    if let enable = read.enable { body = [.when(writer.operand(enable), then: body, else: [])] }
    append(.always(events: [edge(memory.domain)], body, place: nil))
  }

  /// The statement that writes a word. Verilog itself drops a write beyond the depth; an address that is wider than the
  /// depth needs is compared before it is cut.
  func write(_ id: Netlist.MemoryID, _ address: Netlist.NodeID, _ data: Netlist.NodeID, _ place: SourcePlace)
    -> VerilogStatement
  {
    let memory = netlist[id]
    let shape = MemoryShape(memory)
    let index = writer.index(address, width: shape.addressWidth)
    let statement = VerilogStatement.assign(
      .word(memory.name, index), writer.value(data), isBlocking: false, place: self.place(place))
    if netlist.width(of: address) <= shape.addressWidth || !shape.canExceed(address, in: netlist) { return statement }
    return .when(writer.isBelow(address, memory.depth), then: [statement], else: [])
  }
}
