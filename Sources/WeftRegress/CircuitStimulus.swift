import Weft
import WeftRandom

/// What a random circuit is fed with, the same for every tool: in each cycle inputs and resets change, then one clock
/// after the other has an edge. Inputs follow from the circuit's seed; clocks and resets, which circuits side by side
/// share, from the cycle alone.
struct CircuitStimulus {
  /// The domains of all circuits; each circuit uses some.
  static let domains = [
    Domain(clock: "clock", reset: "reset"),
    Domain(clock: "tick", edge: .falling, reset: "clear_n", resetKind: .asynchronous, isResetActiveHigh: false),
    Domain(clock: "pulse", reset: "halt", resetKind: .asynchronous),
  ]

  /// One cycle of one circuit.
  struct Cycle {
    /// The inputs that change.
    var inputs: [(name: String, value: BitVector)] = []
    /// The resets that are active, by domain.
    var isReset: [Bool]
    /// The domains whose clocks have an edge, in order.
    var ticks: [Domain]
  }

  /// The cycles.
  private(set) var cycles: [Cycle] = []

  init(_ design: Design, seed: UInt64, cycles count: Int) {
    var random = SeededGenerator(seed: seed ^ 0x5eed)
    var clocks = SeededGenerator(seed: 0xc10c)
    let inputs = design.top.signals.filter { $0.role == .input }
    for _ in 0..<count {
      let isReset = Self.domains.map { _ in clocks.oneIn(6) }
      let ticks = Self.domains.shuffled(using: &clocks).prefix(clocks.number(in: 1...Self.domains.count))
      var cycle = Cycle(isReset: isReset, ticks: Array(ticks))
      for input in inputs where !random.oneIn(3) {
        let words = (0..<BitVector.wordCount(forWidth: input.width)).map { _ in random.next() }
        cycle.inputs.append((input.name, BitVector(words: words, width: input.width)))
      }
      cycles.append(cycle)
    }
  }
}

extension Domain {
  /// The level of the clock between edges that matter.
  var idleLevel: Bool { edge == .falling }
}
