/// When an agent at an AXI bus holds back, channel by channel: where it offers, it offers nothing new; where it takes,
/// it is not ready.
public struct AXIStalls: Sendable {
  /// Addresses of writes.
  public var aw: Stalls
  /// Beats of writes.
  public var w: Stalls
  /// Responses to writes.
  public var b: Stalls
  /// Addresses of reads.
  public var ar: Stalls
  /// Beats of reads.
  public var r: Stalls

  /// Stalls of the channels that are named; none of the others.
  public init(aw: Stalls = .none, w: Stalls = .none, b: Stalls = .none, ar: Stalls = .none, r: Stalls = .none) {
    self.aw = aw
    self.w = w
    self.b = b
    self.ar = ar
    self.r = r
  }

  /// The agent never holds back.
  public static var none: AXIStalls { AXIStalls() }

  /// Phases as those of `Stalls.random(seed:)`, in every channel at other times.
  public static func random(seed: UInt64) -> AXIStalls {
    var seeds = SplitMix64(seed: seed)
    return AXIStalls(
      aw: .random(seed: seeds.next()), w: .random(seed: seeds.next()), b: .random(seed: seeds.next()),
      ar: .random(seed: seeds.next()), r: .random(seed: seeds.next()))
  }
}

/// A channel of an AXI bus.
public enum AXIChannel: String, CaseIterable, Hashable, Sendable {
  /// Addresses of writes.
  case aw
  /// Beats of writes.
  case w
  /// Responses to writes.
  case b
  /// Addresses of reads.
  case ar
  /// Beats of reads.
  case r
}
