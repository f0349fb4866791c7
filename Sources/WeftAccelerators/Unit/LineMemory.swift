import Weft

/// One bank of an input buffer: words of one element for each lane, with a write port and a read port.
public struct LineMemory: Module {
  /// Words.
  public let depth: Int
  /// Elements of a word.
  public let lanes: Int
  /// Bits of an element.
  public let bits: Int
  /// Equal parts of a word that are written each for itself; divides `lanes`.
  public let parts: Int

  /// A memory of `depth` words of `lanes` elements of `bits` bits.
  public init(depth: Int, lanes: Int, bits: Int, parts: Int = 1) {
    self.depth = depth
    self.lanes = lanes
    self.bits = bits
    self.parts = parts
  }

  /// The parts that are written.
  public var writeEnable: Bits { input(.bits(parts)) }
  /// Where they are written.
  public var writeAddress: Unsigned { input(.unsigned(addressBits)) }
  /// What is written.
  public var elements: Vector<Signed> { input(.vector(lanes, of: .signed(bits))) }
  /// Whether a word is read.
  public var readEnable: Bit { input(.bit) }
  /// Where it is read.
  public var readAddress: Unsigned { input(.unsigned(addressBits)) }
  /// What was read at the last clock edge at which it was asked for.
  public var word: Vector<Signed> { output(.vector(lanes, of: .signed(bits))) }

  private var addressBits: Int { bitsFor(depth - 1) }
  private var line: Memory<Vector<Signed>> {
    memory(
      depth: depth, of: .vector(lanes, of: .signed(bits)), style: MemoryShape(depth: depth, width: lanes * bits).style)
  }

  public var body: Circuit {
    line.write(elements, at: writeAddress, mask: writeEnable)
    word <== line.read(readAddress, enable: readEnable)
  }
}
