/// When an agent at a stream holds back although it could go on.
public struct Stalls: Sendable {
  /// The seed that reproduces the stalls; `nil` where there are none.
  public let seed: UInt64?
  private var generator: SplitMix64
  /// How often a cycle stalls, in parts of 2^32.
  private var chance: UInt64
  /// The cycles for which the chance holds.
  private var remaining: Int
  /// The cycles in which the agent holds back anyway, and the one that comes next, counted from the first.
  private var held = 0..<0
  private var cycle = 0

  private init(seed: UInt64?, chance: UInt64, remaining: Int) {
    self.seed = seed
    generator = SplitMix64(seed: seed ?? 0)
    self.chance = chance
    self.remaining = remaining
  }

  /// The agent never holds back.
  public static var none: Stalls { Stalls(seed: nil, chance: 0, remaining: .max) }

  /// Each cycle stalls with `probability`, 0 to 1.
  public static func random(seed: UInt64, probability: Double) -> Stalls {
    let chance = UInt64((min(max(probability, 0), 1) * 4_294_967_296).rounded())
    return Stalls(seed: seed, chance: chance, remaining: .max)
  }

  /// Phases of 1 to 32 cycles, each with a probability of its own between never and always: queues run full and empty.
  public static func random(seed: UInt64) -> Stalls { Stalls(seed: seed, chance: 0, remaining: 0) }

  /// The same, and in some cycles, counted from the agent's first, the agent holds back anyway.
  public func holding(during cycles: Range<Int>) -> Stalls {
    var stalls = self
    stalls.held = cycles
    return stalls
  }

  /// Whether the agent holds back in this cycle.
  mutating func next() -> Bool {
    if !held.isEmpty {
      defer { cycle += 1 }
      if held.contains(cycle) { return true }
    }
    guard seed != nil else { return false }
    if remaining == 0 {
      let draw = generator.next()
      remaining = 1 + Int(draw & 31)
      chance = (draw >> 32) % 5 << 30
    }
    if remaining != .max { remaining -= 1 }
    return generator.next() >> 32 < chance
  }
}
