import Weft

/// Takes bytes from a serial line: eight data bits, the lowest first, between a start bit of zero and a stop bit of one.
///
/// Each bit is read in its middle. A line that is zero where a stop bit should be has a break or another speed; what
/// came is left out, and the receiver waits until the line is one again.
public struct SerialReceiver: Module {
  /// Cycles of the clock for a bit, at least four.
  public let cyclesPerBit: Int

  /// A receiver for so many cycles a bit, at least four.
  public init(cyclesPerBit: Int) { self.cyclesPerBit = cyclesPerBit }

  /// The line, which follows no clock; one while nothing is sent.
  public var line: Bit { input(.bit) }
  /// The byte that has come.
  public var received: Unsigned { output(.unsigned(8)) }
  /// Whether it has come in this cycle.
  public var isReceived: Bit { output(.bit) }
  /// Whether the line broke, all zero for longer than a byte takes, and is zero still.
  public var isBroken: Bit { output(.bit) }
  /// Whether a byte without a stop bit came in this cycle.
  public var isGarbled: Bit { output(.bit) }

  var samples: Vector<Bit> { register(.vector(3, of: .bit), reset: 1) }
  var isActive: Bit { register(.bit, reset: 0) }
  var awaitsIdle: Bit { register(.bit, reset: 0) }
  var breaks: Bit { register(.bit, reset: 0) }
  var timer: Unsigned { register(.unsigned((cyclesPerBit - 1).bitsToHold), reset: 0) }
  var position: Unsigned { register(.unsigned(4), reset: 0) }
  var shifted: Bits { register(.bits(8), reset: 0) }
  var isComplete: Bit { register(.bit, reset: 0) }
  var isFaulty: Bit { register(.bit, reset: 0) }

  public var body: Circuit {
    require(cyclesPerBit >= 4, "a bit takes at least 4 cycles; \(cyclesPerBit) were asked for")
    attribute("ASYNC_REG", "TRUE", on: samples)
    let level = samples[2]
    samples[0] <== line
    for stage in 1..<3 { samples[stage] <== samples[stage - 1] }
    isComplete <== 0
    isFaulty <== 0
    When(!isActive) {
      When(level) {
        awaitsIdle <== 0
        breaks <== 0
      } else: {
        When(!awaitsIdle) {
          isActive <== 1
          // The middle of the start bit.
          timer <== Unsigned(max(0, cyclesPerBit / 2 - 1))
          position <== 0
        }
      }
    } else: {
      timer <== (timer == 0).select(Unsigned(max(0, cyclesPerBit - 1)), else: timer &- 1)
      When(timer == 0) { sampling(level) }
    }
    received <== shifted.asUnsigned
    isReceived <== isComplete
    isGarbled <== isFaulty
    isBroken <== breaks
  }

  @CircuitBuilder private func sampling(_ level: Bit) -> Circuit {
    position <== position &+ 1
    When(position == 0) {
      // A line that is one again was no start bit.
      isActive <== !level
    } else: {
      When(position == 9) {
        isActive <== 0
        isComplete <== level
        When(!level) {
          awaitsIdle <== 1
          breaks <== shifted == Bits.zeros(8)
          isFaulty <== shifted != Bits.zeros(8)
        }
      } else: {
        shifted <== concatenate(level, shifted[1..<8])
      }
    }
  }
}
