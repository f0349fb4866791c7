import Weft

/// One lane of one bank of an input buffer: a memory with a write port and a read port.
public struct LineMemory: Module {
  /// Words.
  public let depth: Int
  /// Bits of a word.
  public let bits: Int

  /// A memory of `depth` words of `bits` bits.
  public init(depth: Int, bits: Int) {
    self.depth = depth
    self.bits = bits
  }

  /// Whether `element` is written.
  public var writeEnable: Bit { input(.bit) }
  /// Where it is written.
  public var writeAddress: Unsigned { input(.unsigned(addressBits)) }
  /// What is written.
  public var element: Signed { input(.signed(bits)) }
  /// Whether a word is read.
  public var readEnable: Bit { input(.bit) }
  /// Where it is read.
  public var readAddress: Unsigned { input(.unsigned(addressBits)) }
  /// What was read at the last clock edge at which it was asked for.
  public var word: Signed { output(.signed(bits)) }

  private var addressBits: Int { bitsFor(depth - 1) }
  private var line: Memory<Signed> { memory(depth: depth, of: .signed(bits)) }

  public var body: Circuit {
    When(writeEnable) { line.write(element, at: writeAddress) }
    word <== line.read(readAddress, enable: readEnable)
  }
}
