import Weft

/// Writes packets to regions of a memory at an AXI4 bus, each packet to a region.
///
/// Rows begin and end at any byte: strobes leave those beside them as they are. A burst's address is offered once all
/// its beats are in the writer's own queue, so that a packet which comes slowly never holds up the bus, and never
/// before or after its beats in a way that could lock. Every region has one packet and one completion, which comes when
/// the memory has answered for every burst; the next region is written meanwhile. Where the memory answers with an
/// error, what is begun is finished, the rest of the packet is dropped, and the completion says which error it was. Of a
/// packet that is longer than its region the rest is dropped; one that is shorter leaves the rest of the region as it
/// was.
///
/// - Latency: three cycles from a descriptor to its first transfer, two from the last transfer of a burst to its
///   address.
/// - Throughput: a beat a cycle, but for some five cycles from one region to the next, where `buffer` holds two bursts and
///   `outstanding` bursts have as many beats as the memory takes cycles to answer.
/// - Capacity: `buffer` beats.
/// - Paths: `bus` and `input.ready` come from registers and few levels of logic behind them; none from an input.
public struct DMAWriter: Module {
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

  /// A writer at a bus with addresses of `addressWidth` bits and beats of `dataWidth`.
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

  /// The regions to be written.
  public var descriptors: Stream<DMADescriptor> { sink(.bundle(DMADescriptor(addressWidth: addressWidth))) }
  /// A packet for each region; all of its transfers but the last are full.
  public var input: Stream<AXIStreamTransfer> { sink(.bundle(AXIStreamTransfer(dataWidth: dataWidth))) }
  /// The bus.
  public var bus: AXI4WriteChannels {
    output(.bundle(AXI4WriteChannels(addressWidth: addressWidth, dataWidth: dataWidth, idWidth: idWidth)))
  }
  /// How each region ended, once the memory has answered for all of it.
  public var completions: Stream<Choice<DMAOutcome>> { source(.choice()) }

  enum Phase: Enumeration { case idle, writing, draining, ending }

  private var lanes: ByteLanes { ByteLanes(dataWidth: dataWidth) }
  private var startShape: Shape<AXIBurstStart> { .bundle(AXIBurstStart(addressWidth: addressWidth)) }
  var phase: StateMachine<Phase> { stateMachine(startingIn: .idle) }
  var rows: Instance<DMARows> { instance(DMARows(addressWidth: addressWidth)) }
  var splitter: Instance<AXIBurstSplitter> {
    instance(
      AXIBurstSplitter(
        addressWidth: addressWidth, dataWidth: dataWidth, countWidth: 24, longestBurst: longestBurst))
  }
  /// The burst whose beats are made.
  var current: Instance<FIFO<AXIBurstRange>> {
    instance(FIFO(of: .bundle(AXIBurstRange(addressWidth: addressWidth, dataWidth: dataWidth)), depth: 1))
  }
  /// Those of its beats that were made.
  var position: Unsigned { register(.unsigned(8), reset: 0) }
  var isLastBeat: Bit { wire(position == current.output.payload.length) }
  var spreader: Instance<ByteSpreader> { instance(ByteSpreader(dataWidth: dataWidth)) }
  /// The beats that were made.
  var queue: Instance<BlockRAMFIFO<AXIWriteData>> {
    instance(BlockRAMFIFO(of: .bundle(AXIWriteData(dataWidth: dataWidth)), depth: buffer, style: style))
  }
  /// The bursts whose beats are all in the queue and whose address was not yet offered.
  var whole: Instance<FIFO<AXIBurstStart>> { instance(FIFO(of: startShape, depth: outstanding)) }
  /// The burst whose address is offered.
  var offered: Instance<FIFO<AXIBurstStart>> { instance(FIFO(of: startShape, depth: 1)) }
  var credits: Instance<CreditCounter> { instance(CreditCounter(credits: outstanding)) }
  /// The bursts whose address was offered and whose beats have not all left.
  var leaving: Unsigned { register(.unsigned(outstanding.bitsToHold), reset: 0) }
  /// Two regions may be under way by turns: the one that is written, and the one that completes.
  var written: Unsigned { register(.unsigned(1), reset: 0) }
  var completing: Unsigned { register(.unsigned(1), reset: 0) }
  /// Of each of both: whether it is under way, whether all of it was made that will be, how many of its bursts are not
  /// answered, and what went wrong.
  var isOpen: Vector<Bit> { register(.vector(2, of: .bit), reset: 0) }
  var isMade: Vector<Bit> { register(.vector(2, of: .bit), reset: 0) }
  var pending: Vector<Unsigned> { register(.vector(2, of: .unsigned(pendingBits)), reset: 0) }
  private func errors(_ region: Int) -> Instance<AXIErrorRegister> {
    instance(AXIErrorRegister(), named: "errors\(region)")
  }
  var isShort: Vector<Bit> { register(.vector(2, of: .bit), reset: 0) }
  var isLong: Vector<Bit> { register(.vector(2, of: .bit), reset: 0) }
  /// Bursts that wait in the queues, and those on their way.
  private var pendingBits: Int { (2 * outstanding + 2).bitsToHold }
  /// Whether no more bursts of the region are begun.
  var isStopped: Bit {
    wire(Vector([0, 1].map { errors($0).first.isError })[written] | isShort[written])
  }

  public var body: Circuit {
    require(
      buffer >= longestBurst,
      "a queue of \(buffer) beats never has room for a burst of \(longestBurst); give it at least as many")
    require(outstanding >= 1, "at least 1 burst is on its way at a time; \(outstanding) were asked for")
    taking
    making
    asking
    giving
    states
  }

  @CircuitBuilder private var taking: Circuit {
    rows.descriptors.payload <== descriptors.payload
    rows.descriptors.valid <== descriptors.fires & !descriptors.payload.isEmpty
    splitter.ranges <== rows.rows
    rows.stops <== isStopped
    splitter.stops <== isStopped
    current.input.payload <== splitter.bursts.payload
    current.input.valid <== splitter.bursts.valid & !isStopped
    splitter.bursts.ready <== current.input.ready & !isStopped
  }

  /// The beats of a burst go to the queue, and with the last of them the burst.
  @CircuitBuilder private var making: Circuit {
    let burst = current.output.payload
    spreader.firstLane <== (position == 0).select(burst.firstLane, else: 0)
    spreader.endLane <== isLastBeat.select(burst.endLane, else: Unsigned(lanes.count))
    spreader.asks <== current.output.valid
    spreader.isBlank <== isStopped
    spreader.restarts <== descriptors.fires
    spreader.packet.payload <== input.payload
    spreader.packet.valid <== input.valid & phase.isIn(.writing)
    let isTaken = spreader.packet.ready & phase.isIn(.writing)
    input.ready <== phase.isIn(.draining).select(!spreader.isEnded, else: isTaken)
    queue.input.payload.data <== spreader.output.payload.data
    queue.input.payload.strb <== spreader.output.payload.strobe
    queue.input.payload.last <== isLastBeat
    let hasPlace = queue.input.ready & (!isLastBeat | whole.input.ready)
    spreader.output.ready <== hasPlace
    queue.input.valid <== spreader.output.valid & hasPlace
    whole.input.payload <== AXIBurstStart(of: burst)
    whole.input.valid <== spreader.output.valid & hasPlace & isLastBeat
    current.output.ready <== spreader.output.fires & isLastBeat
    When(spreader.output.fires) { position <== isLastBeat.select(0, else: position &+ 1) }
  }

  @CircuitBuilder private var asking: Circuit {
    offered.input.payload <== whole.output.payload
    offered.input.valid <== whole.output.valid & credits.isAvailable
    whole.output.ready <== offered.input.ready & credits.isAvailable
    credits.sends <== offered.input.fires
    credits.frees <== bus.b.fires
    bus.aw.payload.asks(from: offered.output.payload, size: lanes.addressBits)
    bus.aw.valid <== offered.output.valid
    offered.output.ready <== bus.aw.ready
  }

  @CircuitBuilder private var giving: Circuit {
    let mayLeave = leaving != 0
    bus.w.payload <== queue.output.payload
    bus.w.valid <== queue.output.valid & mayLeave
    queue.output.ready <== bus.w.ready & mayLeave
    let ends = bus.w.fires & bus.w.payload.last
    When(offered.input.fires != ends) { leaving <== ends.select(leaving &- 1, else: leaving &+ 1) }
    bus.b.ready <== 1
    answers
  }

  /// Answers come in the order of the bursts: those of the region that completes before those of the other.
  @CircuitBuilder private var answers: Circuit {
    let isOther = pending[completing] == 0
    let answered = isOther.select(~completing, else: completing)
    for region in 0..<2 {
      let (begins, ends) = (whole.input.fires & (written == Unsigned(region)), bus.b.fires & (answered == Unsigned(region)))
      When(begins != ends) {
        pending[region] <== begins.select(pending[region] &+ 1, else: pending[region] &- 1)
      }
      let errors = errors(region)
      errors.response <== bus.b.payload.resp
      errors.comes <== ends
      errors.clears <== completions.fires & (completing == Unsigned(region))
    }
  }

  @CircuitBuilder private var states: Circuit {
    let isLastMade = spreader.output.fires & isLastBeat & current.output.payload.isLast
    descriptors.ready <== phase.isIn(.idle) & !isOpen[written]
    When(spreader.output.fires & spreader.isShort) { isShort[written] <== 1 }
    phase.states {
      During(.idle) {
        When(descriptors.fires) {
          isOpen[written] <== 1
          When(descriptors.payload.isEmpty) { phase.go(to: .draining) } else: { phase.go(to: .writing) }
        }
      }
      During(.writing) { When(isLastMade | (isStopped & !current.output.valid)) { phase.go(to: .draining) } }
      During(.draining) {
        When(input.fires & input.payload.keep.isAnySet) { isLong[written] <== 1 }
        When(spreader.isEnded | (input.fires & input.payload.last)) { phase.go(to: .ending) }
      }
      During(.ending) {
        When(spreader.isLeft) { isLong[written] <== 1 }
        isMade[written] <== 1
        written <== ~written
        phase.go(to: .idle)
      }
    }
    completion
  }

  @CircuitBuilder private var completion: Circuit {
    let length = isShort[completing].select(
      Choice(.packetTooShort), else: isLong[completing].select(.packetTooLong, else: DMAOutcome.complete))
    let error = completing[0].select(errors(1).first, else: errors(0).first)
    completions.payload <== error.outcome(else: length)
    completions.valid <== isMade[completing] & (pending[completing] == 0)
    When(completions.fires) {
      isOpen[completing] <== 0
      isMade[completing] <== 0
      isShort[completing] <== 0
      isLong[completing] <== 0
      completing <== ~completing
    }
  }
}
