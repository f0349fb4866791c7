/// Registers that are read and written by address, through any number of ports: a read gives its word at once, writes
/// take place at the clock edge, and of several to one address the last port's stays.
///
/// Every word is a register of its own with a multiplexer for each read; what is deep and can wait a cycle for its
/// words is a `Memory`.
///
/// ```swift
/// var registers: Instance<RegisterFile<Bits>> { instance(RegisterFile(depth: 32, of: .bits(32), reads: 2)) }
/// ...
/// registers.reads[0].address <== instruction[15...19].asUnsigned
/// left <== registers.reads[0].data
/// ```
public struct RegisterFile<Element: Signal>: Module {
  /// The number of words.
  public let depth: Int
  /// What a word looks like.
  public let shape: Shape<Element>
  /// The number of read ports.
  public let readPorts: Int
  /// The number of write ports.
  public let writePorts: Int
  /// Whether a read gives what is written to its address in the same cycle, instead of what was there before.
  public let forwardsWrites: Bool

  /// `depth` words of this shape; they start at zero and have no reset.
  public init(
    depth: Int, of shape: Shape<Element>, reads readPorts: Int = 2, writes writePorts: Int = 1,
    forwardsWrites: Bool = false
  ) {
    self.depth = depth
    self.shape = shape
    self.readPorts = readPorts
    self.writePorts = writePorts
    self.forwardsWrites = forwardsWrites
  }

  /// A port that reads.
  public struct Read: Bundle {
    /// Which word; beyond the last, zero is read.
    public var address: Unsigned
    /// The word.
    public var data: Element

    init(depth: Int, shape: Shape<Element>) {
      address = field(.unsigned(RegisterFile.addressBits(depth)))
      data = field(shape.returning)
    }
  }

  /// A port that writes.
  public struct Write: Bundle {
    /// Whether to write.
    public var enable: Bit
    /// Which word; beyond the last, nothing is written.
    public var address: Unsigned
    /// What the word becomes.
    public var data: Element

    init(depth: Int, shape: Shape<Element>) {
      enable = field(.bit)
      address = field(.unsigned(RegisterFile.addressBits(depth)))
      data = field(shape)
    }
  }

  private static func addressBits(_ depth: Int) -> Int { max(1, Int.bitWidth - max(0, depth - 1).leadingZeroBitCount) }

  /// The read ports.
  public var reads: Vector<Read> { input(.vector(readPorts, of: .bundle(Read(depth: depth, shape: shape)))) }
  /// The write ports.
  public var writes: Vector<Write> { input(.vector(writePorts, of: .bundle(Write(depth: depth, shape: shape)))) }
  var words: Vector<Element> { register(.vector(depth, of: shape)) }

  public var body: Circuit {
    for port in writes {
      When(port.enable) { words[port.address] <== port.data }
    }
    for port in reads {
      port.data <== words[port.address]
      for write in writes where forwardsWrites {
        When(write.enable & (write.address == port.address)) { port.data <== write.data }
      }
    }
  }
}
