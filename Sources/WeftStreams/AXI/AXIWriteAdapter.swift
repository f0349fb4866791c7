import Weft

/// Writes to a memory at an AXI4 bus: the words that are given at a ``MemoryWritePort`` go as the beats of incrementing
/// bursts.
///
/// The bus has the port's word width. Bursts have one identifier and never cross a multiple of 4 KB; a request that
/// does becomes several. A burst's address is offered first, or in the same cycle as its first beat, and neither waits
/// for the other to be taken: whichever a subordinate wants to see first, it sees. A request is over with its last
/// response, an error too: `response` then says which error was the first.
///
/// - Latency: two cycles to the bus, none back.
/// - Throughput: a burst and a word a cycle.
/// - Capacity: `outstanding` bursts on their way.
/// - Paths: combinational from `memory.words` to `bus.w` and back, and from `bus.aw.ready` to `memory.requests.ready`.
public struct AXIWriteAdapter: Module {
  /// The port of whoever writes.
  public let port: Shape<MemoryWritePort>
  /// The bits of the address of a byte, more than twelve.
  public let addressWidth: Int
  /// The bits of an identifier.
  public let idWidth: Int
  /// The most bursts on their way, at least one.
  public let outstanding: Int
  /// The most beats of a burst, a power of two up to 256; 16 for AXI3.
  public let longestBurst: Int

  /// An adapter from a port to a bus with addresses of `addressWidth` bits.
  public init(
    of port: Shape<MemoryWritePort>, addressWidth: Int, idWidth: Int = 1, outstanding: Int = 16,
    longestBurst: Int = 256
  ) {
    self.port = port
    self.addressWidth = addressWidth
    self.idWidth = idWidth
    self.outstanding = outstanding
    self.longestBurst = longestBurst
  }

  /// Whoever writes.
  public var memory: MemoryWritePort { input(port) }
  /// The bus.
  public var bus: AXI4WriteChannels {
    output(.bundle(AXI4WriteChannels(addressWidth: addressWidth, dataWidth: memory.wordWidth, idWidth: idWidth)))
  }
  /// The address of the byte at which word zero begins, looked at when a request is taken. Bits below those of a word
  /// count as zero.
  public var baseAddress: Unsigned { input(.unsigned(addressWidth)) }
  /// Forgets the error.
  public var clearsError: Bit { input(.bit) }
  /// The first error since the reset or since it was cleared, or `okay`.
  public var response: Choice<AXIResponse> { output(.choice()) }
  /// Whether all that was asked for is written.
  public var isIdle: Bit { output(.bit) }

  private var lanes: ByteLanes { ByteLanes(dataWidth: memory.wordWidth) }
  var splitter: Instance<AXIBurstSplitter> {
    instance(
      AXIBurstSplitter(
        addressWidth: addressWidth, dataWidth: memory.wordWidth,
        countWidth: memory.countWidth + lanes.addressBits, longestBurst: longestBurst))
  }
  /// The burst whose address is offered.
  var offered: Instance<FIFO<AXIBurstStart>> {
    instance(FIFO(of: .bundle(AXIBurstStart(addressWidth: addressWidth)), depth: 1))
  }
  /// The beats, less one, of the bursts whose beats are not all taken.
  var lengths: Instance<FIFO<Unsigned>> { instance(FIFO(of: .unsigned(8), depth: outstanding)) }
  /// For each burst without a response, whether its request ends with it.
  var ends: Instance<FIFO<Bit>> { instance(FIFO(of: .bit, depth: outstanding)) }
  /// The beats of the burst that were taken.
  var position: Unsigned { register(.unsigned(8), reset: 0) }
  var errors: Instance<AXIErrorRegister> { instance(AXIErrorRegister()) }

  public var body: Circuit {
    require(outstanding >= 1, "at least 1 burst is on its way at a time; \(outstanding) were asked for")
    splitter.ranges.payload.takes(
      memory.requests.payload, at: baseAddress, wordBits: lanes.addressBits, addressWidth: addressWidth)
    splitter.ranges.valid <== memory.requests.valid
    memory.requests.ready <== splitter.ranges.ready
    splitter.stops <== 0
    asking
    giving
    answering
  }

  /// A burst passes when its address, its beats and its response have a place.
  @CircuitBuilder private var asking: Circuit {
    let burst = splitter.bursts
    let places = [offered.input.ready, lengths.input.ready, ends.input.ready]
    burst.ready <== places.areAllSet
    offered.input.payload <== AXIBurstStart(of: burst.payload)
    offered.input.valid <== burst.fires
    lengths.input.payload <== burst.payload.length
    lengths.input.valid <== burst.fires
    ends.input.payload <== burst.payload.isLast
    ends.input.valid <== burst.fires
    bus.aw.payload.asks(from: offered.output.payload, size: lanes.addressBits)
    bus.aw.valid <== offered.output.valid
    offered.output.ready <== bus.aw.ready
  }

  @CircuitBuilder private var giving: Circuit {
    let isLast = position == lengths.output.payload
    bus.w.payload.data <== memory.words.payload.data
    bus.w.payload.strb <== memory.words.payload.strobe
    bus.w.payload.last <== isLast
    bus.w.valid <== memory.words.valid & lengths.output.valid
    memory.words.ready <== bus.w.ready & lengths.output.valid
    lengths.output.ready <== bus.w.fires & isLast
    When(bus.w.fires) { position <== isLast.select(0, else: position &+ 1) }
  }

  @CircuitBuilder private var answering: Circuit {
    bus.b.ready <== 1
    ends.output.ready <== bus.b.valid
    memory.isWritten <== bus.b.valid & ends.output.valid & ends.output.payload
    errors.response <== bus.b.payload.resp
    errors.comes <== bus.b.valid
    errors.clears <== clearsError
    response <== errors.first
    isIdle <== !splitter.bursts.valid & (ends.count == 0)
  }
}
