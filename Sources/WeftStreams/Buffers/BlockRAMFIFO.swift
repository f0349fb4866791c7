import Weft

/// A queue in block RAM: payloads leave in the order in which they came.
///
/// The memory is read ahead of demand: its read register holds the payload that is offered, and takes the next one in
/// the cycle in which that leaves.
///
/// - Latency: two cycles.
/// - Throughput: a payload a cycle from a depth of two on; every second cycle at a depth of one.
/// - Capacity: `depth` in the memory and one more in its read register.
/// - Paths: `input.ready`, `output.valid` and `count` come from registers alone, `output.payload` from the memory's
///   read register. A ``PipelineRegister`` behind it hides the memory's delay.
public struct BlockRAMFIFO<Payload: Signal>: Module {
  /// What the queue holds.
  public let payload: Shape<Payload>
  /// The number of words of the memory: at least one, not only powers of two.
  public let depth: Int
  /// What the memory is made of.
  public let style: Netlist.MemoryStyle

  /// A queue whose memory has `depth` words, at least one.
  ///
  /// - Parameter style: what the memory is made of: block RAM, which is some hundreds of words deep at least, or, for
  ///   wide words and few of them, look-up tables (`.distributed`).
  public init(of payload: Shape<Payload>, depth: Int, style: Netlist.MemoryStyle = .block) {
    self.payload = payload
    self.depth = depth
    self.style = style
  }

  /// Where payloads enter.
  public var input: Stream<Payload> { sink(payload) }
  /// Where payloads leave.
  public var output: Stream<Payload> { source(payload) }
  /// How many payloads the queue holds, 0 to `depth + 1`.
  public var count: Unsigned { output(.unsigned((depth + 1).bitsToHold)) }

  /// The payloads in the queue, the oldest first; from index `count` on they mean nothing. For proofs alone.
  public var contents: Vector<Payload> { output(.vector(depth + 1, of: payload)) }

  var words: Memory<Payload> { memory(depth: depth, of: payload, style: style) }
  var writeAddress: Unsigned { register(.unsigned(words.addressWidth), reset: 0) }
  var readAddress: Unsigned { register(.unsigned(words.addressWidth), reset: 0) }
  var stored: Unsigned { register(.unsigned(depth.bitsToHold), reset: 0) }
  var isOffering: Bit { register(.bit, reset: 0) }
  var fetches: Bit { wire((stored != 0) & (!isOffering | output.ready)) }

  public var body: Circuit {
    input.ready <== stored != Unsigned(depth)
    output.valid <== isOffering
    output.payload <== words.read(readAddress, enable: fetches)
    count <== (stored + isOffering.asUnsigned).truncated(to: (depth + 1).bitsToHold)

    When(input.fires) {
      words.write(input.payload, at: writeAddress)
      writeAddress <== writeAddress.successor(inRingOf: depth)
    }
    When(fetches) { readAddress <== readAddress.successor(inRingOf: depth) }
    When(input.fires != fetches) { stored <== fetches.select(stored &- 1, else: stored &+ 1) }
    When(!isOffering | output.ready) { isOffering <== fetches }
  }

  public var invariants: Circuit {
    Assert(stored <= Unsigned(depth), "the memory holds at most what it has words for")
    Assert(readAddress <= Unsigned(depth - 1), "payloads leave from a word that exists")
    Assert(
      writeAddress == readAddress.advanced(by: stored, inRingOf: depth), "payloads enter behind those in the memory")
    for index in 0...depth {
      let inMemory = stored(at: index % depth)
      contents[index] <== isOffering.select(index == 0 ? output.payload : stored(at: index - 1), else: inMemory)
    }
  }

  /// The payload at a place behind the oldest in the memory.
  private func stored(at place: Int) -> Payload {
    words.asynchronousRead(readAddress.advanced(by: Unsigned(place), inRingOf: depth), port: "word\(place)")
  }
}
