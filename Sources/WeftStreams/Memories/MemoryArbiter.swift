import Weft

/// Lets several readers share the port of a memory: in turn, a burst each.
///
/// The bursts that are on their way stand in a queue, so that each word goes back to where it belongs.
///
/// - Latency: none, to the memory and back.
/// - Throughput: a word a cycle while any reader asks, with one-word bursts too.
/// - Capacity: `outstanding` bursts on their way. A memory that answers after some cycles is kept busy by bursts of as
///   many words together.
/// - Paths: combinational from all `readers[i].requests` to `memory.requests` and back, and from `memory.words` to all
///   `readers[i].words` and back. A ``PipelineRegister`` on either side breaks them.
///
/// A reader that does not take its words at once holds up the others; a ``MemoryReader`` always takes them.
public struct MemoryArbiter: Module {
  /// The port of the memory and of each reader.
  public let port: Shape<MemoryReadPort>
  /// The number of readers, at least one.
  public let readerCount: Int
  /// The most bursts that are on their way, at least one.
  public let outstanding: Int

  /// An arbiter among so many readers.
  public init(of port: Shape<MemoryReadPort>, readers: Int, outstanding: Int = 32) {
    self.port = port
    readerCount = readers
    self.outstanding = outstanding
  }

  /// The readers.
  public var readers: Vector<MemoryReadPort> { input(.vector(readerCount, of: port)) }
  /// The memory.
  public var memory: MemoryReadPort { output(port) }

  /// The bursts on their way, the oldest first; from index `burstCount` on they mean nothing. For proofs alone.
  public var bursts: Vector<Routed<Unsigned>> { output(.vector(outstanding, of: burstShape)) }
  /// How many bursts are on their way. For proofs alone.
  public var burstCount: Unsigned { output(.unsigned(outstanding.bitsToHold)) }
  /// The words of the oldest burst that have come. For proofs alone.
  public var wordsReturned: Unsigned { output(.unsigned(memory.countWidth)) }

  private var burstShape: Shape<Routed<Unsigned>> {
    .bundle(Routed(of: .unsigned(memory.countWidth), outputs: readerCount))
  }
  var requests: Instance<Arbiter<MemoryRequest>> {
    instance(Arbiter(of: .bundle(memory.requests.payload), streams: readerCount))
  }
  /// For each burst on its way, its words and its reader.
  var order: Instance<FIFO<Routed<Unsigned>>> { instance(FIFO(of: burstShape, depth: outstanding)) }
  /// The words of the oldest burst that have come.
  var returned: Unsigned { register(.unsigned(memory.countWidth), reset: 0) }

  public var body: Circuit {
    require(readerCount >= 1, "a memory has at least 1 reader; \(readerCount) were asked for")
    require(outstanding >= 1, "at least 1 burst is on its way at a time; \(outstanding) were asked for")
    requesting
    returning
  }

  /// A request passes when the memory takes it and the queue of bursts does.
  @CircuitBuilder private var requesting: Circuit {
    for (index, reader) in readers.enumerated() { requests.inputs[index] <== reader.requests }
    memory.requests.payload <== requests.output.payload
    memory.requests.valid <== requests.output.valid & order.input.ready
    requests.output.ready <== memory.requests.ready & order.input.ready
    order.input.payload.payload <== requests.output.payload.count
    order.input.payload.destination <== requests.chosen
    order.input.valid <== requests.output.valid & memory.requests.ready
  }

  /// A word goes to the reader of the oldest burst, which is over with its last word.
  @CircuitBuilder private var returning: Circuit {
    let oldest = order.output.payload
    let isLast = returned &+ 1 == oldest.payload
    for (index, reader) in readers.enumerated() {
      reader.words.payload <== memory.words.payload
      reader.words.valid <== memory.words.valid & order.output.valid & (oldest.destination == Unsigned(index))
    }
    memory.words.ready <== order.output.valid & readers.map(\.words.ready).element(at: oldest.destination)
    order.output.ready <== memory.words.fires & isLast
    When(memory.words.fires) { returned <== isLast.select(0, else: returned &+ 1) }
  }

  public var invariants: Circuit {
    bursts <== order.contents
    burstCount <== order.count
    wordsReturned <== returned
  }
}
