import Weft

/// Reads regions of a memory at an AXI4 bus and gives the bytes of each as a packet without gaps.
///
/// Rows begin and end at any byte. A burst is asked for only when the reader's own queue has room for all its beats, so
/// that a packet which nobody takes never holds up the bus. Regions are read one after the other; each has one packet
/// and one completion. Where the memory answers with an error, no more is asked for, what is on its way is taken and
/// dropped, the packet ends with what came before the error, in a transfer that may have no bytes, and the completion
/// says which error it was. An empty region gives a packet of one transfer without bytes.
///
/// - Latency: six cycles and the memory's own, from a descriptor to its first transfer.
/// - Throughput: a beat a cycle within a region, where `buffer` holds the beats of the memory's latency and of a burst,
///   and `outstanding` bursts have as many.
/// - Capacity: `buffer` beats.
/// - Paths: `bus` and `output` come from registers and few levels of logic behind them; none from an input.
public struct DMAReader: Module {
  /// The bits of the address of a byte, more than twelve.
  public let addressWidth: Int
  /// The bits of a beat and of a transfer, a power of two from 8 to 1024.
  public let dataWidth: Int
  /// The bits of an identifier.
  public let idWidth: Int
  /// The most beats of a burst, a power of two up to 256; 16 for AXI3.
  public let longestBurst: Int
  /// The most bursts on their way, at least one.
  public let outstanding: Int
  /// The beats of the queue, at least those of a burst.
  public let buffer: Int
  /// What the queue is made of.
  public let style: Netlist.MemoryStyle

  /// A reader at a bus with addresses of `addressWidth` bits and beats of `dataWidth`.
  public init(
    addressWidth: Int, dataWidth: Int, idWidth: Int = 1, longestBurst: Int = 64, outstanding: Int = 8,
    buffer: Int = 512, style: Netlist.MemoryStyle = .block
  ) {
    self.addressWidth = addressWidth
    self.dataWidth = dataWidth
    self.idWidth = idWidth
    self.longestBurst = longestBurst
    self.outstanding = outstanding
    self.buffer = buffer
    self.style = style
  }

  /// The regions to be read.
  public var descriptors: Stream<DMADescriptor> { sink(.bundle(DMADescriptor(addressWidth: addressWidth))) }
  /// The bus.
  public var bus: AXI4ReadChannels {
    output(.bundle(AXI4ReadChannels(addressWidth: addressWidth, dataWidth: dataWidth, idWidth: idWidth)))
  }
  /// A packet for each region.
  public var output: Stream<AXIStreamTransfer> { source(.bundle(AXIStreamTransfer(dataWidth: dataWidth))) }
  /// How each region ended, once all of its packet but what waits at the output was given.
  public var completions: Stream<Choice<DMAOutcome>> { source(.choice()) }

  enum Phase: Enumeration { case idle, reading, dropping, ending, completing }

  private var lanes: ByteLanes { ByteLanes(dataWidth: dataWidth) }
  private var roomWidth: Int { buffer.bitsToHold }
  private var burstShape: Shape<AXIBurstRange> {
    .bundle(AXIBurstRange(addressWidth: addressWidth, dataWidth: dataWidth))
  }
  private var beatShape: Shape<Pair<Bits, Bit>> { .bundle(Pair(of: .bits(dataWidth), .bit)) }
  var phase: StateMachine<Phase> { stateMachine(startingIn: .idle) }
  var rows: Instance<DMARows> { instance(DMARows(addressWidth: addressWidth)) }
  var splitter: Instance<AXIBurstSplitter> {
    instance(
      AXIBurstSplitter(
        addressWidth: addressWidth, dataWidth: dataWidth, countWidth: 24, longestBurst: longestBurst))
  }
  /// The burst that is offered to the bus.
  var offered: Instance<FIFO<AXIBurstStart>> {
    instance(FIFO(of: .bundle(AXIBurstStart(addressWidth: addressWidth)), depth: 1))
  }
  /// The bursts whose beats have not all left the queue.
  var bursts: Instance<FIFO<AXIBurstRange>> { instance(FIFO(of: burstShape, depth: outstanding)) }
  /// The beats that came, and whether each is an error.
  var queue: Instance<BlockRAMFIFO<Pair<Bits, Bit>>> {
    instance(BlockRAMFIFO(of: beatShape, depth: buffer, style: style))
  }
  /// The places in the queue that are neither taken nor kept for a beat on its way.
  var room: Unsigned { register(.unsigned(roomWidth), reset: Unsigned(max(0, buffer))) }
  /// The beats of the oldest burst that have left the queue.
  var position: Unsigned { register(.unsigned(8), reset: 0) }
  var packer: Instance<BytePacker> { instance(BytePacker(dataWidth: dataWidth)) }
  var stage: Instance<PipelineRegister<AXIStreamTransfer>> {
    instance(PipelineRegister(of: .bundle(AXIStreamTransfer(dataWidth: dataWidth))))
  }
  var errors: Instance<AXIErrorRegister> { instance(AXIErrorRegister()) }
  /// Whether the beat at the queue's end, or one before it, is an error.
  var drops: Bit { wire(phase.isIn(.dropping) | queue.output.payload.second) }
  var isLastBeat: Bit { wire(position == bursts.output.payload.length) }

  public var body: Circuit {
    require(
      buffer >= longestBurst,
      "a queue of \(buffer) beats never has room for a burst of \(longestBurst); give it at least as many")
    require(outstanding >= 1, "at least 1 burst is on its way at a time; \(outstanding) were asked for")
    taking
    asking
    arriving
    packing
    states
  }

  @CircuitBuilder private var taking: Circuit {
    descriptors.ready <== phase.isIn(.idle)
    rows.descriptors.payload <== descriptors.payload
    rows.descriptors.valid <== descriptors.fires & !descriptors.payload.isEmpty
    splitter.ranges <== rows.rows
    let isStopped = errors.first.isError
    rows.stops <== isStopped
    splitter.stops <== isStopped
  }

  /// A burst passes when the bus has taken the one before, and there is a place for it and for its beats.
  @CircuitBuilder private var asking: Circuit {
    let burst = splitter.bursts
    let beats = burst.payload.length + 1
    let places = [offered.input.ready, bursts.input.ready, !errors.first.isError, beats <= room]
    burst.ready <== places.areAllSet
    offered.input.payload <== AXIBurstStart(of: burst.payload)
    offered.input.valid <== burst.fires
    bursts.input.payload <== burst.payload
    bursts.input.valid <== burst.fires
    bus.ar.payload.asks(from: offered.output.payload, size: lanes.addressBits)
    bus.ar.valid <== offered.output.valid
    offered.output.ready <== bus.ar.ready
    let kept = room &- burst.fires.select(beats, else: 0).fitted(to: roomWidth)
    room <== kept &+ queue.output.fires.asUnsigned.extended(to: roomWidth)
  }

  @CircuitBuilder private var arriving: Circuit {
    queue.input.payload.first <== bus.r.payload.data
    queue.input.payload.second <== bus.r.payload.resp.isError
    queue.input.valid <== bus.r.valid
    bus.r.ready <== queue.input.ready
    errors.response <== bus.r.payload.resp
    errors.comes <== bus.r.fires
    errors.clears <== completions.fires
  }

  @CircuitBuilder private var packing: Circuit {
    let burst = bursts.output.payload
    let run = packer.input.payload
    let isEnding = phase.isIn(.ending)
    run.data <== queue.output.payload.first
    run.firstLane <== ((position == 0) & !isEnding).select(burst.firstLane, else: 0)
    run.endLane <== isEnding.select(0, else: isLastBeat.select(burst.endLane, else: Unsigned(lanes.count)))
    run.last <== isEnding | (burst.isLast & isLastBeat)
    packer.input.valid <== isEnding | (queue.output.valid & !drops)
    queue.output.ready <== drops | packer.input.ready
    bursts.output.ready <== queue.output.fires & isLastBeat
    When(queue.output.fires) { position <== isLastBeat.select(0, else: position &+ 1) }
    stage.input <== packer.output
    output <== stage.output
  }

  @CircuitBuilder private var states: Circuit {
    let isLast = bursts.output.payload.isLast & isLastBeat
    completions.payload <== errors.first.outcome(else: Choice(.complete))
    completions.valid <== phase.isIn(.completing)
    phase.states {
      During(.idle) {
        When(descriptors.fires) {
          When(descriptors.payload.isEmpty) { phase.go(to: .ending) } else: { phase.go(to: .reading) }
        }
      }
      During(.reading) {
        When(queue.output.fires) {
          When(drops) { phase.go(to: .dropping) } else: { When(isLast) { phase.go(to: .completing) } }
        }
      }
      During(.dropping) { When(!bursts.output.valid) { phase.go(to: .ending) } }
      During(.ending) { When(packer.input.ready) { phase.go(to: .completing) } }
      During(.completing) { When(completions.ready) { phase.go(to: .idle) } }
    }
  }
}
