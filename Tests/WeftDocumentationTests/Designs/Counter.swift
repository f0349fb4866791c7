import Weft

/// Counts the cycles in which `enable` is one, and begins again after the largest number.
public struct Counter: Module {
  /// Bits of the count.
  public var bits: Int

  /// A counter of so many bits, at least one.
  public init(bits: Int = 8) { self.bits = bits }

  /// Whether this cycle counts.
  public var enable: Bit { input(.bit) }
  /// The cycles counted so far.
  public var count: Unsigned { output(.unsigned(bits)) }

  var value: Unsigned { register(.unsigned(bits), reset: 0) }

  public var body: Circuit {
    When(enable) { value <== value &+ 1 }
    count <== value
  }
}
