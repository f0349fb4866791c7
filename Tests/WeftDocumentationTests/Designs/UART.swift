import Weft

/// Sends bytes over a line: a start bit, eight data bits from the lowest, a stop bit.
struct UARTTransmitter: Module {
  /// Clock cycles for which a bit lasts.
  var divisor: Int

  var bytes: Stream<Unsigned> { sink(.unsigned(8)) }
  var line: Bit { output(.bit) }

  var frame: Bits { register(.bits(10), reset: 0x3ff) }
  var bitsLeft: Unsigned { register(.unsigned(4), reset: 0) }
  var timer: Unsigned { register(.unsigned(divisor.bitsToCount), reset: 0) }

  var body: Circuit {
    line <== frame[0]
    bytes.ready <== bitsLeft == 0
    When(bytes.fires) {
      frame <== concatenate(Bit(1), bytes.payload, Bit(0))
      bitsLeft <== 10
      timer <== Unsigned(divisor - 1)
    }
    When(bitsLeft != 0) {
      timer <== timer &- 1
      When(timer == 0) {
        frame <== concatenate(Bit(1), frame[1..<10])
        bitsLeft <== bitsLeft &- 1
        timer <== Unsigned(divisor - 1)
      }
    }
  }
}

/// Receives such bytes; each is there in one cycle.
struct UARTReceiver: Module {
  /// Clock cycles for which a bit lasts.
  var divisor: Int

  var line: Bit { input(.bit) }
  var data: Unsigned { output(.unsigned(8)) }
  var isValid: Bit { output(.bit) }
  var isBroken: Bit { output(.bit) }

  var early: Bit { register(.bit, reset: 1) }
  var level: Bit { register(.bit, reset: 1) }
  var frame: Bits { register(.bits(10)) }
  var bitsLeft: Unsigned { register(.unsigned(4), reset: 0) }
  var timer: Unsigned { register(.unsigned(divisor.bitsToCount), reset: 0) }
  var isComplete: Bit { register(.bit, reset: 0) }

  var body: Circuit {
    early <== line
    level <== early
    isComplete <== 0
    When(bitsLeft == 0) {
      When(!level) {
        bitsLeft <== 10
        timer <== Unsigned(divisor / 2)
      }
    } else: {
      timer <== timer &- 1
      When(timer == 0) {
        frame <== concatenate(level, frame[1..<10])
        bitsLeft <== bitsLeft &- 1
        timer <== Unsigned(divisor - 1)
        isComplete <== bitsLeft == 1
      }
    }
    data <== frame[1..<9].asUnsigned
    isValid <== isComplete & !isBroken
    isBroken <== isComplete & (frame[0] | !frame[9])
  }
}

extension Int {
  /// Bits that count this many cycles.
  fileprivate var bitsToCount: Int { Swift.max(1, Int.bitWidth - (self - 1).leadingZeroBitCount) }
}
