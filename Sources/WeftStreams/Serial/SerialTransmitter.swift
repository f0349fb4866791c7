import Weft

/// Sends bytes over a serial line: eight data bits, the lowest first, between a start bit of zero and a stop bit of one.
///
/// - Throughput: a byte in ten bits.
/// - Paths: `line` and `input.ready` come from registers alone.
public struct SerialTransmitter: Module {
  /// Cycles of the clock for a bit, at least one.
  public let cyclesPerBit: Int

  /// A transmitter of so many cycles a bit, at least one.
  public init(cyclesPerBit: Int) { self.cyclesPerBit = cyclesPerBit }

  /// The bytes.
  public var input: Stream<Unsigned> { sink(.unsigned(8)) }
  /// The line, one while nothing is sent.
  public var line: Bit { output(.bit) }

  var level: Bit { register(.bit, reset: 1) }
  var isActive: Bit { register(.bit, reset: 0) }
  var timer: Unsigned { register(.unsigned((cyclesPerBit - 1).bitsToHold), reset: 0) }
  var position: Unsigned { register(.unsigned(4), reset: 0) }
  var rest: Bits { register(.bits(9), reset: 0) }

  public var body: Circuit {
    require(cyclesPerBit >= 1, "a bit takes at least 1 cycle; \(cyclesPerBit) were asked for")
    let whole = Unsigned(max(0, cyclesPerBit - 1))
    input.ready <== !isActive
    line <== level
    When(!isActive) {
      When(input.valid) {
        isActive <== 1
        level <== 0
        timer <== whole
        position <== 0
        rest <== concatenate(1 as Bit, input.payload)
      }
    } else: {
      timer <== (timer == 0).select(whole, else: timer &- 1)
      When(timer == 0) {
        position <== position &+ 1
        When(position == 9) {
          isActive <== 0
        } else: {
          level <== rest[0]
          rest <== concatenate(1 as Bit, rest[1..<9])
        }
      }
    }
  }
}
