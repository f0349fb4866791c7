import Weft

/// Brings bits from one clock to another through a chain of registers, in which what the first one catches in the
/// middle of a change has time to settle.
///
/// The bits arrive one by one, not together: it carries single bits, or codes of which one bit changes at a time.
///
/// - Latency: `stages` edges of the receiver's clock, one more where a change is caught in the middle.
public struct Synchroniser: Module {
  /// The domain that the bits come from.
  public let sender: Domain
  /// The domain that they go to.
  public let receiver: Domain
  /// The number of bits.
  public let width: Int
  /// The number of registers one behind the other.
  public let stages: Int
  /// Whether the receiver's reset clears the registers.
  public let isReset: Bool

  /// A synchroniser of `width` bits, with at least two stages; without a reset, unless `isReset` asks for it.
  public init(from sender: Domain, to receiver: Domain, width: Int = 1, stages: Int = 2, isReset: Bool = false) {
    self.sender = sender
    self.receiver = receiver
    self.width = width
    self.stages = stages
    self.isReset = isReset
  }

  /// What the sender gives: straight from its registers.
  public var value: Bits { input(.bits(width)) }
  /// The same in the receiver's domain.
  public var synchronised: Bits { output(.bits(width)) }

  /// What the registers hold, the first of the chain first. For proofs alone.
  public var contents: Vector<Bits> { output(.vector(stages, of: .bits(width))) }

  var chain: Vector<Bits> {
    isReset
      ? register(.vector(stages, of: .bits(width)), reset: 0, domain: receiver, samples: sender)
      : register(.vector(stages, of: .bits(width)), domain: receiver, samples: sender)
  }

  public var body: Circuit {
    require(stages >= 2, "a synchroniser has at least 2 stages; \(stages) were asked for")
    attribute("ASYNC_REG", "TRUE", on: chain)
    chain[0] <== value
    for stage in 1..<max(stages, 1) { chain[stage] <== chain[stage - 1] }
    synchronised <== chain[stages - 1]
  }

  public var invariants: Circuit { contents <== chain }
}
