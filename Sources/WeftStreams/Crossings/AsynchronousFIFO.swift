import Weft

/// A queue that one clock fills and another one empties: payloads leave in the order in which they came.
///
/// The places are counted in Gray code, of which one bit changes at a time, so that each side can look at the other's
/// count at any moment (C. E. Cummings, "Simulation and Synthesis Techniques for Asynchronous FIFO Design", 2002).
///
/// - Throughput: a payload a cycle of the slower clock.
/// - Capacity: `depth` in the memory and one more in its read register.
/// - Paths: `input.ready` and `output.valid` come from registers of their own side alone.
/// - Reset: both sides together, at any time, by one asynchronous reset; synchronous ones have to be active together at
///   an edge of each clock.
public struct AsynchronousFIFO<Payload: Signal>: Module {
  /// What the queue holds.
  public let payload: Shape<Payload>
  /// The number of words of the memory, a power of two from two up.
  public let depth: Int
  /// The domain that payloads come from.
  public let sender: Domain
  /// The domain that they go to.
  public let receiver: Domain

  /// A queue between two domains whose memory has `depth` words, a power of two from two up.
  public init(of payload: Shape<Payload>, depth: Int, from sender: Domain, to receiver: Domain) {
    self.payload = payload
    self.depth = depth
    self.sender = sender
    self.receiver = receiver
  }

  /// Where payloads enter, at the sender's clock.
  public var input: Stream<Payload> { sink(payload) }
  /// Where payloads leave, at the receiver's clock.
  public var output: Stream<Payload> { source(payload) }

  /// The payloads in the queue, the oldest first; from index `count` on they mean nothing. For proofs alone.
  public var contents: Vector<Payload> { output(.vector(depth + 1, of: payload)) }
  /// How many payloads the queue holds, 0 to `depth + 1`. For proofs alone.
  public var count: Unsigned { output(.unsigned((depth + 1).bitsToHold)) }

  private var writeAddress: Unsigned { writeCount.truncated(to: words.addressWidth) }
  private var readAddress: Unsigned { readCount.truncated(to: words.addressWidth) }
  private var countWidth: Int { words.addressWidth + 1 }
  var words: Memory<Payload> { memory(depth: depth, of: payload, domain: sender) }
  var writeCount: Unsigned { register(.unsigned(countWidth), reset: 0, domain: sender) }
  var writeGray: Bits { register(.bits(countWidth), reset: 0, domain: sender) }
  var readCount: Unsigned { register(.unsigned(countWidth), reset: 0, domain: receiver) }
  var readGray: Bits { register(.bits(countWidth), reset: 0, domain: receiver) }
  var isOffering: Bit { register(.bit, reset: 0, domain: receiver) }
  var toReceiver: Instance<Synchroniser> {
    instance(Synchroniser(from: sender, to: receiver, width: countWidth, isReset: true))
  }
  var toSender: Instance<Synchroniser> {
    instance(Synchroniser(from: receiver, to: sender, width: countWidth, isReset: true))
  }
  /// The count of a full queue differs from the reader's in the two highest bits of its Gray code.
  var fullGray: Bits { wire(toSender.synchronised ^ Bits(3 << max(0, countWidth - 2))) }
  var fetches: Bit { wire((readGray != toReceiver.synchronised) & (!isOffering | output.ready)) }

  public var body: Circuit {
    require(
      depth >= 2 && depth.nonzeroBitCount == 1, "an asynchronous FIFO has 2, 4, 8 ... places; \(depth) were asked for")
    toReceiver.value <== writeGray
    toSender.value <== readGray
    writeSide
    readSide
  }

  @CircuitBuilder private var writeSide: Circuit {
    input.ready <== writeGray != fullGray
    When(input.fires) {
      words.write(input.payload, at: writeAddress)
      writeCount <== writeCount &+ 1
      writeGray <== (writeCount &+ 1).gray
    }
  }

  @CircuitBuilder private var readSide: Circuit {
    output.valid <== isOffering
    output.payload <== words.read(readAddress, enable: fetches, port: "word", domain: receiver)
    When(fetches) {
      readCount <== readCount &+ 1
      readGray <== (readCount &+ 1).gray
    }
    When(!isOffering | output.ready) { isOffering <== fetches }
  }

  public var invariants: Circuit {
    pointers
    let width = (depth + 1).bitsToHold
    count <== (writeCount &- readCount).extended(to: width) &+ isOffering.asUnsigned.extended(to: width)
    for index in 0...depth {
      let inMemory = stored(at: index % depth)
      contents[index] <== isOffering.select(index == 0 ? output.payload : stored(at: index - 1), else: inMemory)
    }
  }

  /// The counts in the order in which they follow each other: what the sender knows of the reader's, the reader's, what
  /// the receiver knows of the writer's, and the writer's, a whole queue ahead of the first at most.
  @CircuitBuilder private var pointers: Circuit {
    let counts =
      toSender.contents.reversed().map { Unsigned(gray: $0) } + [readCount]
      + toReceiver.contents.reversed().map { Unsigned(gray: $0) } + [writeCount]
    let ahead = counts.dropFirst().map { $0 &- counts[0] }
    for (earlier, later) in zip(ahead, ahead.dropFirst()) {
      Assert(earlier <= later, "each side knows a count that the other one has had", domain: nil)
    }
    for stored in ahead.suffix(1) {
      Assert(stored <= Unsigned(depth), "the memory holds at most what it has words for", domain: nil)
    }
    Assert(writeGray == writeCount.gray, "the sender's Gray code is that of its count", domain: nil)
    Assert(readGray == readCount.gray, "the receiver's Gray code is that of its count", domain: nil)
    for (code, domain) in [(writeGray, sender), (readGray, receiver)] {
      let changes = (code ^ code.past(domain: domain)).asUnsigned
      Assert((changes & (changes &- 1)) == 0, "one bit of a Gray code changes at a time", domain: nil)
    }
    When(input.fires & fetches) {
      Assert(writeAddress != readAddress, "no word is read at the edge at which it is written", domain: nil)
    }
  }

  /// The payload at a place behind the oldest in the memory.
  private func stored(at place: Int) -> Payload {
    words.asynchronousRead(readAddress &+ Unsigned(place), port: "word\(place)")
  }
}
