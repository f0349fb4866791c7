import Weft

/// A memory with any number of read and write ports, built of memories that have one of each.
///
/// Each pair of a write and a read port has a copy of its own, and a table in registers says for every word which write
/// port wrote it last (C. E. LaForest, J. G. Steffan, "Efficient Multi-Ported Memories for FPGAs", 2010).
///
/// - Latency: one cycle.
/// - Several ports that write one word at one edge: the highest wins.
public struct MultiportMemory<Element: Signal>: Module {
  /// What a word looks like.
  public let element: Shape<Element>
  /// The number of words, at least one.
  public let depth: Int
  /// The number of ports that write and that read, each at least one.
  public let writeCount, readCount: Int

  /// A memory of `depth` words.
  public init(of element: Shape<Element>, depth: Int, writes: Int, reads: Int) {
    self.element = element
    self.depth = depth
    writeCount = writes
    readCount = reads
  }

  private var addressWidth: Int { (depth - 1).bitsToHold }
  /// Whether each write port writes in this cycle.
  public var writeEnables: Vector<Bit> { input(.vector(writeCount, of: .bit)) }
  /// Where each write port writes.
  public var writeAddresses: Vector<Unsigned> { input(.vector(writeCount, of: .unsigned(addressWidth))) }
  /// What each write port writes.
  public var writeData: Vector<Element> { input(.vector(writeCount, of: element)) }
  /// Where each read port reads.
  public var readAddresses: Vector<Unsigned> { input(.vector(readCount, of: .unsigned(addressWidth))) }
  /// The word that was there before the last clock edge, for each read port.
  public var readData: Vector<Element> { output(.vector(readCount, of: element)) }

  /// The words as each read port sees them. For proofs alone.
  public var contents: Vector<Vector<Element>> { output(.vector(readCount, of: .vector(depth, of: element))) }

  private var indexWidth: Int { (writeCount - 1).bitsToHold }
  /// The port that wrote each word last.
  var lastWriters: Vector<Unsigned> { register(.vector(depth, of: .unsigned(indexWidth)), reset: 0) }

  public var body: Circuit {
    for write in writeEnables.indices {
      When(writeEnables[write]) { lastWriters[writeAddresses[write]] <== Unsigned(write) }
    }
    for read in readData.indices {
      readPort(read)
    }
  }

  @CircuitBuilder private func readPort(_ read: Int) -> Circuit {
    let writer: Unsigned = register(.unsigned(indexWidth), named: "writer\(read)")
    writer <== lastWriters[readAddresses[read]]
    let banks = banks(of: read)
    for (write, bank) in banks.enumerated() {
      When(writeEnables[write]) { bank.write(writeData[write], at: writeAddresses[write]) }
    }
    readData[read] <== banks.map { $0[readAddresses[read]] }.element(at: writer)
  }

  /// The copies that a read port has of what each write port wrote.
  private func banks(of read: Int) -> [Memory<Element>] {
    writeEnables.indices.map { memory(depth: depth, of: element, named: "bank\($0)_\(read)") }
  }

  public var invariants: Circuit {
    for read in readData.indices {
      for address in 0..<depth {
        let words = banks(of: read).enumerated().map { write, bank in
          bank.asynchronousRead(Unsigned(address), port: "word\(address)_\(write)_\(read)")
        }
        contents[read][address] <== words.element(at: lastWriters[address])
      }
    }
  }
}
