import Weft

/// Reads a memory at an AXI4 bus: the words that are asked for at a ``MemoryReadPort`` come as the beats of
/// incrementing bursts.
///
/// The bus has the port's word width. Bursts have one identifier and never cross a multiple of 4 KB; a request that
/// does becomes several. A word whose beat came with an error is given all the same, so that nothing waits for ever:
/// `response` then says which error was the first.
///
/// - Latency: one cycle to the bus, none back.
/// - Throughput: a burst and a word a cycle.
/// - Capacity: `outstanding` bursts on their way.
/// - Paths: combinational from `bus.r` to `memory.words` and back, and from `bus.ar.ready` to `memory.requests.ready`.
public struct AXIReadAdapter: Module {
  /// The port of whoever reads.
  public let port: Shape<MemoryReadPort>
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
    of port: Shape<MemoryReadPort>, addressWidth: Int, idWidth: Int = 1, outstanding: Int = 16, longestBurst: Int = 256
  ) {
    self.port = port
    self.addressWidth = addressWidth
    self.idWidth = idWidth
    self.outstanding = outstanding
    self.longestBurst = longestBurst
  }

  /// Whoever reads.
  public var memory: MemoryReadPort { input(port) }
  /// The bus.
  public var bus: AXI4ReadChannels {
    output(.bundle(AXI4ReadChannels(addressWidth: addressWidth, dataWidth: memory.wordWidth, idWidth: idWidth)))
  }
  /// The address of the byte at which word zero begins, looked at when a request is taken. Bits below those of a word
  /// count as zero.
  public var baseAddress: Unsigned { input(.unsigned(addressWidth)) }
  /// Forgets the error.
  public var clearsError: Bit { input(.bit) }
  /// The first error since the reset or since it was cleared, or `okay`.
  public var response: Choice<AXIResponse> { output(.choice()) }
  /// Whether no burst is on its way and no request waits.
  public var isIdle: Bit { output(.bit) }

  private var lanes: ByteLanes { ByteLanes(dataWidth: memory.wordWidth) }
  var splitter: Instance<AXIBurstSplitter> {
    instance(
      AXIBurstSplitter(
        addressWidth: addressWidth, dataWidth: memory.wordWidth,
        countWidth: memory.countWidth + lanes.addressBits, longestBurst: longestBurst))
  }
  var credits: Instance<CreditCounter> { instance(CreditCounter(credits: outstanding)) }
  var errors: Instance<AXIErrorRegister> { instance(AXIErrorRegister()) }

  public var body: Circuit {
    splitter.ranges.payload.takes(
      memory.requests.payload, at: baseAddress, wordBits: lanes.addressBits, addressWidth: addressWidth)
    splitter.ranges.valid <== memory.requests.valid
    memory.requests.ready <== splitter.ranges.ready
    splitter.stops <== 0
    asking
    memory.words.payload <== bus.r.payload.data
    memory.words.valid <== bus.r.valid
    bus.r.ready <== memory.words.ready
    errors.response <== bus.r.payload.resp
    errors.comes <== bus.r.fires
    errors.clears <== clearsError
    response <== errors.first
    isIdle <== !splitter.bursts.valid & (credits.count == Unsigned(outstanding))
  }

  @CircuitBuilder private var asking: Circuit {
    let burst = splitter.bursts
    bus.ar.payload.asks(from: AXIBurstStart(of: burst.payload), size: lanes.addressBits)
    bus.ar.valid <== burst.valid & credits.isAvailable
    burst.ready <== bus.ar.ready & credits.isAvailable
    credits.sends <== bus.ar.fires
    credits.frees <== bus.r.fires & bus.r.payload.last
  }
}

extension ByteRange {
  /// Takes the bytes of words of two to the power of `wordBits` bytes.
  func takes(_ request: MemoryRequest, at base: Unsigned, wordBits: Int, addressWidth: Int) -> Circuit {
    let word = (base >> wordBits) &+ request.address.fitted(to: addressWidth - wordBits)
    return Circuit([address <== word << wordBits, count <== request.count << wordBits, isLast <== 1])
  }
}
