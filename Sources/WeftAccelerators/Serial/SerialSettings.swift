import WeftNetworks

/// What an accelerator behind a serial line is like on the side of the line.
public struct SerialSettings: Hashable, Sendable {
  /// Cycles of the clock for a bit of the line.
  public var cyclesPerBit: Int
  /// Whether the design's reset reaches the grid: where the clock may run before it is steady. Otherwise the grid begins
  /// with what its registers start with, and a reset has to reach no more than its ports.
  public var resetsGrid: Bool

  /// Settings.
  public init(cyclesPerBit: Int, resetsGrid: Bool = true) {
    self.cyclesPerBit = cyclesPerBit
    self.resetsGrid = resetsGrid
  }

  /// Elements of an input that wait at the accelerator at the most: what the host may send without a word from it.
  public static let capacity = 512
  /// Elements of an input that a credit stands for.
  public static let credit = 64
  /// Bytes of a packet of results at the most, as far as a transfer is not longer.
  static let packetBytes = 16

  /// What the first byte of a packet says, above six bits of an index.
  public enum Kind: Int, Hashable, Sendable, CaseIterable {
    /// Elements: of an input to the accelerator, of an output from it.
    case elements = 0
    /// From the accelerator: it has room for so many more elements of an input.
    case credit = 1
    /// To the accelerator: a question who is there; from it: the answer, a hash of four bytes.
    case identity = 2
    /// From the accelerator: something was not understood, and is left out.
    case error = 3
  }

  /// Why something was not understood: the index of an error.
  public enum Fault: Int, Hashable, Sendable, CaseIterable {
    /// A packet of no kind, or for an input that does not exist.
    case unknownPacket = 1
    /// More elements than there is room for.
    case overrun = 2
    /// A byte without a stop bit.
    case garbledByte = 3
  }
}
