import Weft

/// Counts what may still be sent to a receiver that gives places back as it frees them, so that a long link needs no
/// ready signal.
public struct CreditCounter: Module {
  /// The places of the receiver, at least one.
  public let credits: Int

  /// A counter for a receiver with so many places, at least one.
  public init(credits: Int) { self.credits = credits }

  /// Whether something is sent in this cycle; only where `isAvailable`.
  public var sends: Bit { input(.bit) }
  /// Whether the receiver frees a place in this cycle.
  public var frees: Bit { input(.bit) }
  /// Whether the receiver has a place.
  public var isAvailable: Bit { output(.bit) }
  /// The places that are free, 0 to `credits`.
  public var count: Unsigned { output(.unsigned(credits.bitsToHold)) }

  var free: Unsigned { register(.unsigned(credits.bitsToHold), reset: Unsigned(max(0, credits))) }

  public var body: Circuit {
    require(credits >= 1, "a receiver has at least 1 place; \(credits) were given")
    isAvailable <== free != 0
    count <== free
    When(sends & !frees) { free <== free &- 1 }
    When(frees & !sends) { free <== free &+ 1 }
  }

  public var invariants: Circuit {
    Assert(free <= Unsigned(max(0, credits)), "the receiver gives back no more places than it has")
    Assert(sends.implies(isAvailable), "nothing is sent without a credit")
  }
}
