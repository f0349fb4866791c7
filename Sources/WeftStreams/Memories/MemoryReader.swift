import Weft

/// Reads the words of a region of memory in order, again and again, and offers them as a stream.
///
/// It begins after the reset. A burst is requested only when the reader's own queue has room for all its words beside
/// those that are on their way, so that every word is taken in the cycle in which it comes: a reader whose sink stalls
/// never holds up a memory that it shares with others. Bursts end at the end of the region and never cross a
/// `boundary`.
///
/// - Latency: three cycles and the memory's own.
/// - Throughput: a word a cycle, if the queue holds at least ``sufficientBuffer(latency:burst:interval:)`` words.
/// - Capacity: `buffer` words, those on their way included.
/// - Paths: the outputs come from registers and few levels of logic behind them; none from an input.
public struct MemoryReader: Module {
  /// The port of the memory.
  public let port: Shape<MemoryReadPort>
  /// The address of the region's first word.
  public let baseAddress: Int
  /// The number of words of the region, at least one.
  public let words: Int
  /// The words of a burst, at least one.
  public let burst: Int
  /// The words of the queue, at least those of a burst.
  public let buffer: Int
  /// The bytes, a power of two, at whose multiples a burst ends. A word takes as many bytes as the next power of two.
  public let boundary: Int
  /// What the queue is made of.
  public let style: Netlist.MemoryStyle

  /// A reader of the `words` words from `baseAddress` on.
  ///
  /// - Parameter style: what the queue is made of: block RAM, or, where it has some tens of words alone, look-up tables
  ///   (`.distributed`).
  public init(
    of port: Shape<MemoryReadPort>, baseAddress: Int, words: Int, burst: Int, buffer: Int, boundary: Int = 4096,
    style: Netlist.MemoryStyle = .block
  ) {
    self.port = port
    self.baseAddress = baseAddress
    self.words = words
    self.burst = burst
    self.buffer = buffer
    self.boundary = boundary
    self.style = style
  }

  /// The least `buffer` with which the words never run out for a sink that takes one every `interval` cycles, from a
  /// memory whose first word comes `latency` cycles after the request, what the reader waits for others included.
  public static func sufficientBuffer(latency: Int, burst: Int, interval: Int = 1) -> Int {
    let (wayThereAndBack, interval) = (latency + 3, max(1, interval))
    return (wayThereAndBack + interval - 1) / interval + max(1, burst) - 1
  }

  /// The memory.
  public var memory: MemoryReadPort { output(port) }
  /// Where the words of the region leave.
  public var output: Stream<Bits> { source(.bits(memory.wordWidth)) }
  /// The most words that the queue has held since the reset.
  public var highWaterMark: Unsigned { output(.unsigned(roomWidth)) }

  /// The places in the queue that are neither taken nor kept for a word on its way. For proofs alone.
  public var freePlaces: Unsigned { output(.unsigned(roomWidth)) }
  /// The words in the queue. For proofs alone.
  public var level: Unsigned { output(.unsigned((buffer + 1).bitsToHold)) }
  /// The first word of the next burst. For proofs alone.
  public var nextAddress: Unsigned { output(.unsigned(memory.addressWidth)) }

  var queue: Instance<BlockRAMFIFO<Bits>> {
    instance(BlockRAMFIFO(of: .bits(memory.wordWidth), depth: buffer, style: style))
  }
  var isRunning: Bit { register(.bit, reset: 0) }
  /// The first word of the next burst.
  var address: Unsigned { register(.unsigned(memory.addressWidth), reset: Unsigned(baseAddress)) }
  /// The words from there to the end of the region.
  var remaining: Unsigned { register(.unsigned(words.bitsToHold), reset: Unsigned(words)) }
  /// The words of the next burst.
  var length: Unsigned { wire(nextLength.fitted(to: min(burst, words).bitsToHold)) }
  /// The places in the queue that are neither taken nor kept for a word on its way.
  var room: Unsigned { register(.unsigned(roomWidth), reset: Unsigned(buffer)) }
  var mark: Unsigned { register(.unsigned(roomWidth), reset: 0) }

  private var roomWidth: Int { buffer.bitsToHold }
  /// The words between two boundaries.
  private var pageWords: Int {
    let wordBytes = max(8, 1 << (memory.wordWidth - 1).bitsToHold) / 8
    return max(1, boundary / wordBytes)
  }
  /// Whether a burst would cross a boundary if only the end of the region ended it.
  private var meetsBoundaries: Bool {
    let isWithinPage = baseAddress / pageWords == (baseAddress + words - 1) / pageWords
    let isAligned = pageWords.isMultiple(of: burst) && baseAddress.isMultiple(of: burst)
    return !isWithinPage && !isAligned
  }

  private var nextLength: Unsigned {
    let limit = Unsigned(min(burst, words))
    let withinRegion = (remaining < limit).select(remaining, else: limit)
    guard meetsBoundaries else { return withinRegion }
    if pageWords == 1 { return 1 }
    let place = address.truncated(to: (pageWords - 1).bitsToHold)
    let withinPage = Unsigned(pageWords) &- place.extended(to: pageWords.bitsToHold)
    return (withinPage < withinRegion).select(withinPage, else: withinRegion)
  }

  public var body: Circuit {
    requirements
    requests
    isRunning <== 1
    queue.input <== memory.words
    output <== queue.output
    When(mark < queue.count) { mark <== queue.count.fitted(to: roomWidth) }
    highWaterMark <== mark
  }

  @CircuitBuilder private var requests: Circuit {
    let request = memory.requests
    request.payload.address <== address
    request.payload.count <== length.fitted(to: memory.countWidth)
    request.valid <== isRunning & (room >= length)
    When(request.fires) {
      let isLast = remaining == length
      address <== isLast.select(Unsigned(baseAddress), else: (address &+ length).fitted(to: memory.addressWidth))
      remaining <== isLast.select(Unsigned(words), else: remaining &- length)
    }
    let kept = room &- request.fires.select(length, else: 0).fitted(to: roomWidth)
    room <== kept &+ output.fires.asUnsigned
  }

  @CircuitBuilder private var requirements: Circuit {
    require(words >= 1, "a region has at least 1 word; \(words) were asked for")
    require(
      baseAddress >= 0 && (baseAddress + words - 1).bitsToHold <= memory.addressWidth,
      "the region of \(words) words from \(baseAddress) on lies beyond an address of \(memory.addressWidth) bits")
    require(
      burst >= 1 && burst.bitsToHold <= memory.countWidth,
      "a burst of \(burst) words was asked for; the port has bursts of 1 to \((1 << memory.countWidth) - 1)")
    require(
      buffer >= min(burst, words),
      "a queue of \(buffer) words never has room for a burst of \(min(burst, words)); give it at least as many")
    require(
      boundary > 0 && boundary & (boundary - 1) == 0, "a boundary is a power of two; \(boundary) bytes were given")
  }

  public var invariants: Circuit {
    freePlaces <== room
    level <== queue.count
    nextAddress <== address
    Assert(room <= Unsigned(buffer), "no more places are free than there are")
    Assert((remaining != 0) & (remaining <= Unsigned(words)), "the next burst begins in the region")
    let width = memory.addressWidth + 1
    Assert(
      address.extended(to: width) &+ remaining.extended(to: width) == Unsigned(baseAddress + words),
      "address and remaining words agree")
  }
}
