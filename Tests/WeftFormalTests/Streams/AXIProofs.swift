import Testing
import Weft
import WeftFormal
import WeftStreams

/// A splitter, and what its bursts have to be: the bytes of the range, in order, within blocks.
private struct SplitterProof: Module {
  var dataWidth: Int
  var longestBurst: Int
  /// The bytes of a block, which no burst leaves.
  var block: Int

  var ranges: Stream<ByteRange> { sink(.bundle(ByteRange(addressWidth: 13, countWidth: 5))) }
  var bursts: Stream<AXIBurstRange> { source(.bundle(AXIBurstRange(addressWidth: 13, dataWidth: dataWidth))) }
  var splitter: Instance<AXIBurstSplitter> {
    instance(AXIBurstSplitter(addressWidth: 13, dataWidth: dataWidth, countWidth: 5, longestBurst: longestBurst))
  }
  /// The next byte, how many there are with it, and whether the range is the last.
  var next: Unsigned { register(.unsigned(13), reset: 0) }
  var left: Unsigned { register(.unsigned(5), reset: 0) }
  var isFinal: Bit { register(.bit, reset: 0) }

  private var laneBits: Int { (dataWidth / 8).trailingZeroBitCount }
  private var blockBits: Int { block.trailingZeroBitCount }
  private var first: Unsigned { bursts.payload.address &+ bursts.payload.firstLane.extended(to: 13) }
  private var end: Unsigned {
    let last = bursts.payload.address &+ (bursts.payload.length.extended(to: 13) << laneBits).truncated(to: 13)
    return last &+ bursts.payload.endLane.extended(to: 13)
  }

  var body: Circuit {
    splitter.ranges <== ranges
    bursts <== splitter.bursts
    splitter.stops <== 0
    When(ranges.valid) { Assume(ranges.payload.count != 0, "a range has bytes") }
    Assert(bursts.valid == (left != 0), "there is a burst while bytes are left")
    let covered = end &- first
    When(bursts.valid) {
      claims(covered)
      When(bursts.ready) {
        next <== end
        left <== left &- covered.truncated(to: 5)
      }
    }
    When(ranges.fires) {
      next <== ranges.payload.address
      left <== ranges.payload.count
      isFinal <== ranges.payload.isLast
    }
    Cover(bursts.fires & (left == 31) & (covered == 1), "a burst has one byte of many")
  }

  @CircuitBuilder private func claims(_ covered: Unsigned) -> Circuit {
    let burst = bursts.payload
    Assert(first == next, "bursts follow each other")
    Assert((covered != 0) & (covered <= left.extended(to: 13)), "a burst has bytes of the range alone")
    Assert((first >> blockBits) == ((end &- 1) >> blockBits), "no burst leaves its block")
    Assert(burst.length < Unsigned(longestBurst), "no burst has too many beats")
    if laneBits > 0 { Assert(burst.address.truncated(to: laneBits) == 0, "a burst begins with a whole beat") }
    let isWhole = covered == left.extended(to: 13)
    Assert(isWhole | (end.truncated(to: blockBits) == 0), "a burst ends with its range or with its block")
    Assert(burst.isLast == (isFinal & isWhole), "the last burst is known")
  }

  var invariants: Circuit {
    When(left != 0) {
      Assert(splitter.nextByte == next, "the next byte is the one that is waited for")
      Assert(splitter.bytesBehind == left &- 1, "as many bytes are behind it")
      Assert(splitter.isFinal == isFinal, "the last range is known")
    }
  }
}

/// What an AXI bus is asked for.
@Suite struct AXIProofs {
  @Test(arguments: [(32, 2, 8), (64, 4, 32), (8, 4, 4), (16, 1, 2)])
  func burstsCoverTheirRangeAndNoMore(dataWidth: Int, longestBurst: Int, block: Int) throws {
    let proof = SplitterProof(dataWidth: dataWidth, longestBurst: longestBurst, block: block)
    try prove(proof)
    #expect(try findCovers(proof, within: 3).allSatisfy { $0.trace != nil })
  }

  @Test func aNarrowerBlockIsLeft() throws {
    let wrong = SplitterProof(dataWidth: 32, longestBurst: 4, block: 8)
    let found = try #require(throws: Counterexample.self) { try prove(wrong, by: .bounded(4)) }
    #expect(found.isReachable)
  }
}
