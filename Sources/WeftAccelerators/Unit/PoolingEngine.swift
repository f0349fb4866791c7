import Weft

/// The greatest element of a window in each of several channels: what a pooling has for a compute engine, with its
/// signals and its timing.
public struct PoolingEngine: Module {
  /// Channels at once.
  public let channels: Int
  /// Elements of each channel at once: kernel rows and kernel columns.
  public let taps: Int
  /// Bits of an element.
  public let bits: Int
  /// Whether the greatest of every two is registered.
  public let pipelining: UnitConfiguration.Pipelining

  /// An engine.
  public init(channels: Int, taps: Int, bits: Int, pipelining: UnitConfiguration.Pipelining = .standard) {
    self.channels = channels
    self.taps = taps
    self.bits = bits
    self.pipelining = pipelining
  }

  /// What is compared between two registers, where what is greater is registered.
  private static let comparands = 2
  /// Registers between the elements and the greatest of all, where what is greater is registered.
  static func levels(taps: Int) -> Int { RegisteredTree.levels(of: taps, arity: comparands) }

  /// Whether the pipeline moves in this cycle.
  public var advance: Bit { input(.bit) }
  /// Whether the registered elements count.
  public var accumulate: Bit { input(.bit) }
  /// Whether the registered elements are the first of a window.
  public var first: Bit { input(.bit) }
  /// For each kernel tap an element of each channel.
  public var elements: Vector<Signed> { input(.vector(taps * channels, of: .signed(bits))) }
  /// The greatest elements of the window so far.
  public var maxima: Vector<Signed> { output(.vector(channels, of: .signed(bits))) }

  private var greatest: Vector<Signed> { register(.vector(channels, of: .signed(bits))) }
  private var best: Vector<Signed> { register(.vector(channels, of: .signed(bits))) }

  public var body: Circuit {
    When(advance) {
      for channel in 0..<channels {
        let window = (0..<taps).map { elements[$0 * channels + channel] }
        greatest[channel]
          <== (pipelining == .deep
            ? RegisteredTree.combine(
              window, arity: Self.comparands, enable: advance, named: "greatest\(channel)_", Self.greater)
            : window.reduceTree(Self.greater))
        When(accumulate) {
          best[channel] <== first.select(greatest[channel], else: Self.greater(best[channel], greatest[channel]))
        }
      }
    }
    maxima <== best
  }

  private static func greater(_ a: Signed, _ b: Signed) -> Signed { (a < b).select(b, else: a) }
}
