extension VerilogEmitter {
  /// Memories up to this many words have their first contents in the module, larger ones in an image.
  private static var inlineWords: Int { 32 }

  /// Declares a memory with its first contents and its read ports.
  mutating func emit(_ memory: Netlist.Memory) {
    startParagraph()
    var attributes = memory.attributes
    if memory.style != .automatic {
      let isWritten = netlist.processes.contains { process in
        if case .memoryWrite(let id) = process.kind { netlist[id].name == memory.name } else { false }
      }
      // Yosys, which reads this name first, has look-up tables without a write port as logic alone.
      if !isWritten, memory.style == .distributed { attributes.append(.init(name: "rom_block", value: "logic")) }
      attributes.append(.init(name: isWritten ? "ram_style" : "rom_style", value: memory.style.rawValue))
    }
    append(
      .memory(
        name: memory.name, width: memory.width, depth: memory.depth, attributes: attributes,
        place: place(memory.place)))
    emitContents(of: memory)
    for read in memory.reads { emit(read, of: memory) }
  }

  private mutating func emitContents(of memory: Netlist.Memory) {
    let words = memory.contents.prefix(memory.depth)
    if memory.depth > Self.inlineWords {
      let name = "\(netlist.name)_\(memory.name).hex"
      append(image: VerilogFile(name: name, contents: Self.image(words, depth: memory.depth, width: memory.width)))
      let folder = options.imageDirectory.map { $0.hasSuffix("/") ? $0 : $0 + "/" } ?? ""
      append(.load(memory: memory.name, path: folder + name))
      return
    }
    append(
      .initial(
        (0..<memory.depth).map { position in
          let word = position < words.count ? words[position] : BitVector(zero: memory.width)
          return .assign(
            .word(memory.name, .number(position)), .literal(word, isSigned: false), isBlocking: true, place: nil)
        }))
  }

  /// All words of a memory, one a line, in hexadecimal. Even zeros stand in an image: synthesisers take minutes over a
  /// loop that clears thousands of words.
  private static func image(_ words: ArraySlice<BitVector>, depth: Int, width: Int) -> String {
    var text = ""
    text.reserveCapacity(depth * ((width + 3) / 4 + 1))
    for word in words { text += word.hexadecimal + "\n" }
    let zero = BitVector(zero: width).hexadecimal + "\n"
    for _ in words.count..<depth { text += zero }
    return text
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
    if let enable = read.enable { body = [.when(condition(enable), then: body, else: [])] }
    append(.always(events: [edge(read.domain ?? memory.domain)], body, place: nil))
  }

  /// The statement that writes a word or a part of it. Verilog itself drops a write beyond the depth; an address that
  /// is wider than the depth needs is compared before it is cut.
  func write(
    _ id: Netlist.MemoryID, _ address: Netlist.NodeID, _ data: Netlist.NodeID, low: Int, _ place: SourcePlace
  ) -> VerilogStatement {
    let memory = netlist[id]
    let shape = MemoryShape(memory)
    let index = writer.index(address, width: shape.addressWidth)
    let width = netlist.width(of: data)
    let target: VerilogTarget =
      width == memory.width
      ? .word(memory.name, index) : .wordBits(memory.name, index, high: low + width - 1, low: low)
    let statement = VerilogStatement.assign(target, writer.value(data), isBlocking: false, place: self.place(place))
    if netlist.width(of: address) <= shape.addressWidth || !shape.canExceed(address, in: netlist) { return statement }
    return .when(writer.isBelow(address, memory.depth), then: [statement], else: [])
  }
}
