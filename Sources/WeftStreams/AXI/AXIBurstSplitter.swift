import Weft

/// Cuts ranges of bytes into incrementing bursts of full beats.
///
/// A burst ends at multiples of its greatest size, `longestBurst` beats or 4 KB, whichever is less, so that none
/// crosses a multiple of 4 KB and all but the first and the last of a range have that size.
///
/// - Latency: one cycle.
/// - Throughput: a burst a cycle.
/// - Paths: `bursts` comes from registers through an adder; combinational from `bursts.ready` to `ranges.ready`.
public struct AXIBurstSplitter: Module {
  /// The bits of the address of a byte, more than twelve.
  public let addressWidth: Int
  /// The bits of a beat, a power of two from 8 to 1024.
  public let dataWidth: Int
  /// The bits of the number of bytes of a range.
  public let countWidth: Int
  /// The most beats of a burst, a power of two up to 256.
  public let longestBurst: Int

  /// A splitter for beats of `dataWidth` bits.
  public init(addressWidth: Int, dataWidth: Int, countWidth: Int, longestBurst: Int = 256) {
    self.addressWidth = addressWidth
    self.dataWidth = dataWidth
    self.countWidth = countWidth
    self.longestBurst = longestBurst
  }

  /// The ranges.
  public var ranges: Stream<ByteRange> {
    sink(.bundle(ByteRange(addressWidth: addressWidth, countWidth: countWidth)))
  }
  /// The bursts of the ranges, in their order.
  public var bursts: Stream<AXIBurstRange> {
    source(.bundle(AXIBurstRange(addressWidth: addressWidth, dataWidth: dataWidth)))
  }
  /// Drops what is left of the range: nothing is offered from the next cycle on.
  public var stops: Bit { input(.bit) }

  /// The next byte. For proofs alone.
  public var nextByte: Unsigned { output(.unsigned(addressWidth)) }
  /// The bytes of the range behind the next one. For proofs alone.
  public var bytesBehind: Unsigned { output(.unsigned(countWidth)) }
  /// Whether the range is the last. For proofs alone.
  public var isFinal: Bit { output(.bit) }

  private var lanes: ByteLanes { ByteLanes(dataWidth: dataWidth) }
  /// The bits of a place in a burst of the greatest size.
  private var blockBits: Int { min(12, (max(1, longestBurst) * lanes.count).trailingZeroBitCount) }
  private var sumWidth: Int { max(countWidth, blockBits) + 1 }

  var isBusy: Bit { register(.bit, reset: 0) }
  /// The next byte.
  var address: Unsigned { register(.unsigned(addressWidth)) }
  /// The bytes behind it.
  var behind: Unsigned { register(.unsigned(countWidth)) }
  var isLastRange: Bit { register(.bit) }
  /// The place of the range's last byte, counted from the multiple of the greatest size at or before the next byte.
  var end: Unsigned { wire(place.extended(to: sumWidth) &+ behind.extended(to: sumWidth), named: "end_place") }
  /// Whether the range goes on behind this burst.
  var goesOn: Bit { wire((end >> blockBits) != 0) }

  private var place: Unsigned { lowBits(of: address) }

  private func lowBits(of value: Unsigned) -> Unsigned {
    blockBits == 0 ? Unsigned(0, width: 1) : value.truncated(to: blockBits)
  }

  public var body: Circuit {
    requirements
    let last = goesOn.select(~Unsigned(0, width: max(1, blockBits)), else: lowBits(of: end))
    let burst = bursts.payload
    burst.address <== (address >> lanes.addressBits) << lanes.addressBits
    burst.length <== ((last >> lanes.addressBits) &- (place >> lanes.addressBits)).fitted(to: 8)
    burst.firstLane <== lanes.index(address)
    burst.endLane <== lanes.index(last).extended(to: lanes.countWidth) &+ 1
    burst.isLast <== isLastRange & !goesOn
    bursts.valid <== isBusy
    ranges.ready <== !isBusy | (bursts.ready & !goesOn)
    steps
  }

  @CircuitBuilder private var steps: Circuit {
    When(bursts.fires) {
      address <== ((address >> blockBits) &+ 1) << blockBits
      behind <== (end &- Unsigned(1 << blockBits)).truncated(to: countWidth)
      isBusy <== goesOn
    }
    When(ranges.fires) {
      address <== ranges.payload.address
      behind <== ranges.payload.count &- 1
      isLastRange <== ranges.payload.isLast
      isBusy <== 1
    }
    When(stops) { isBusy <== 0 }
  }

  @CircuitBuilder private var requirements: Circuit {
    require(addressWidth > 12, "an AXI address has more than 12 bits, those of 4 KB; \(addressWidth) were asked for")
    require(
      dataWidth.nonzeroBitCount == 1 && (8...1024).contains(dataWidth),
      "a beat has 8, 16, 32 ... 1024 bits; \(dataWidth) were asked for")
    require(
      longestBurst.nonzeroBitCount == 1 && (1...256).contains(longestBurst),
      "a burst has 1, 2, 4 ... 256 beats at most; \(longestBurst) were asked for")
  }

  public var invariants: Circuit {
    nextByte <== address
    bytesBehind <== behind
    isFinal <== isLastRange
  }
}
