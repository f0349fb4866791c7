import Weft

/// Makes a reset that begins at once, and ends at an edge of the clock it is for, so that all registers leave it
/// together.
///
/// The reset that comes in is the asynchronous reset of `domain`; the one that goes out is for the registers of the
/// same clock.
public struct ResetSynchroniser: Module {
  /// The domain whose clock the reset is for, with the asynchronous reset that comes in.
  public let domain: Domain
  /// The number of registers one behind the other.
  public let stages: Int

  /// A synchroniser with at least two stages.
  public init(_ domain: Domain, stages: Int = 2) {
    self.domain = domain
    self.stages = stages
  }

  /// The reset, one while it is active.
  public var isReset: Bit { output(.bit) }

  var chain: Vector<Bit> { register(.vector(stages, of: .bit), reset: 1, domain: domain) }

  public var body: Circuit {
    require(stages >= 2, "a reset synchroniser has at least 2 stages; \(stages) were asked for")
    require(
      domain.resetKind == .asynchronous,
      "a reset synchroniser takes an asynchronous reset; the domain of `\(domain.clock)` has a synchronous one")
    attribute("ASYNC_REG", "TRUE", on: chain)
    chain[0] <== 0
    for stage in 1..<max(stages, 1) { chain[stage] <== chain[stage - 1] }
    isReset <== chain[stages - 1]
  }
}
