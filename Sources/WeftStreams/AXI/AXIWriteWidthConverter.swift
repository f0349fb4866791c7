import Weft

/// The channels that write of an ``AXIWidthConverter``.
struct AXIWriteWidthConverter: Module {
  let widths: AXIWidths

  var manager: AXI4WriteChannels {
    input(.bundle(AXI4WriteChannels(addressWidth: widths.address, dataWidth: widths.manager, idWidth: widths.id)))
  }
  var subordinate: AXI4WriteChannels {
    output(.bundle(AXI4WriteChannels(addressWidth: widths.address, dataWidth: widths.subordinate, idWidth: widths.id)))
  }

  private var burstShape: Shape<AXIConvertedBurst> { .bundle(AXIConvertedBurst(widths)) }
  var splitter: Instance<AXIBurstSplitter> { instance(widths.splitter) }
  /// The manager's bursts whose beats were not all taken.
  var bursts: Instance<FIFO<AXIConvertedBurst>> { instance(FIFO(of: burstShape, depth: widths.outstanding)) }
  /// The manager's bursts whose beats were all taken, and that are not answered.
  var ended: Instance<FIFO<AXIConvertedBurst>> { instance(FIFO(of: burstShape, depth: widths.outstanding)) }
  /// What the manager says of the burst that is split.
  var attributes: AXIAttributes { register(.bundle(AXIAttributes())) }
  /// The subordinate's burst whose address is offered.
  var offered: Instance<FIFO<AXIAddress>> {
    instance(FIFO(of: .bundle(AXIAddress(addressWidth: widths.address, idWidth: widths.id)), depth: 1))
  }
  /// The beats, less one, of the subordinate's bursts whose beats are not all taken.
  var lengths: Instance<FIFO<Unsigned>> { instance(FIFO(of: .unsigned(8), depth: widths.outstanding)) }
  /// For each of the subordinate's bursts without a response, whether it is the last of the manager's.
  var ends: Instance<FIFO<Bit>> { instance(FIFO(of: .bit, depth: 2 * widths.outstanding)) }

  /// The beats of the subordinate's burst that were taken, and the next narrower beat in a wider one.
  var position: Unsigned { register(.unsigned(8), reset: 0) }
  var nextPiece: Unsigned { register(.unsigned(widths.indexWidth), reset: 0) }
  /// Whether a narrower beat of the manager's burst has passed.
  var isUnderWay: Bit { register(.bit, reset: 0) }
  /// The narrower beats that wait for the rest of a wider one.
  var collected: Vector<Bits> { register(.vector(widths.pieces, of: .bits(widths.pieceWidth))) }
  var collectedStrobes: Vector<Bits> {
    register(.vector(widths.pieces, of: .bits(max(1, widths.pieceWidth / 8))), reset: 0)
  }
  var response: Choice<AXIResponse> { register(.choice(), reset: .okay) }

  private var burst: AXIConvertedBurst { bursts.output.payload }
  var piece: Unsigned { wire(isUnderWay.select(nextPiece, else: burst.piece)) }
  var isLastPiece: Bit { wire(piece == Unsigned(widths.pieces - 1)) }
  /// Whether a beat of the manager's may be taken: it belongs to a burst, and the answer has a place.
  var isExpected: Bit { wire(bursts.output.valid & ended.input.ready) }
  /// Whether a beat of the subordinate's may be given.
  var mayGive: Bit { wire(isExpected & !burst.isRefused & lengths.output.valid) }

  var body: Circuit {
    asking
    passing
    answering
    if widths.isWidening { widening } else { narrowing }
  }

  @CircuitBuilder private var asking: Circuit {
    let isConverted = widths.isConverted(manager.aw.payload)
    splitter.ranges.payload.takes(manager.aw.payload, widths)
    splitter.ranges.valid <== manager.aw.valid & isConverted & bursts.input.ready
    splitter.stops <== 0
    bursts.input.payload.takes(manager.aw.payload, widths)
    bursts.input.valid <== manager.aw.valid & (!isConverted | splitter.ranges.ready)
    manager.aw.ready <== bursts.input.ready & (!isConverted | splitter.ranges.ready)
    let start = splitter.bursts
    let places = [offered.input.ready, lengths.input.ready, ends.input.ready]
    start.ready <== places.areAllSet
    When(splitter.ranges.fires) { attributes.takes(manager.aw.payload) }
    offered.input.payload.asks(
      from: AXIBurstStart(of: start.payload), size: widths.subordinateLanes.addressBits, attributes)
    offered.input.valid <== start.fires
    lengths.input.payload <== start.payload.length
    lengths.input.valid <== start.fires
    ends.input.payload <== start.payload.isLast
    ends.input.valid <== start.fires
    subordinate.aw <== offered.output
  }

  @CircuitBuilder private var passing: Circuit {
    let isLast = manager.w.payload.last
    let isEnd = position == lengths.output.payload
    bursts.output.ready <== manager.w.fires & isLast
    ended.input.payload <== burst
    ended.input.valid <== manager.w.fires & isLast
    subordinate.w.payload.last <== isEnd
    lengths.output.ready <== subordinate.w.fires & isEnd
    When(subordinate.w.fires) { position <== isEnd.select(0, else: position &+ 1) }
  }

  /// A wider beat is given with its last piece, or with the manager's last beat.
  @CircuitBuilder private var widening: Circuit {
    let gives = isLastPiece | manager.w.payload.last
    let isHere = { (number: Int) in piece == Unsigned(number) }
    let data = (0..<widths.pieces).map { isHere($0).select(manager.w.payload.data, else: collected[$0]) }
    let strobes = (0..<widths.pieces).map { isHere($0).select(manager.w.payload.strb, else: collectedStrobes[$0]) }
    subordinate.w.payload.data <== Vector(data).asBits
    subordinate.w.payload.strb <== Vector(strobes).asBits
    subordinate.w.valid <== manager.w.valid & mayGive & gives
    manager.w.ready <== isExpected & (burst.isRefused | !gives | (lengths.output.valid & subordinate.w.ready))
    When(manager.w.fires) {
      nextPiece <== piece.successor(inRingOf: widths.pieces)
      isUnderWay <== !manager.w.payload.last
      for number in 0..<widths.pieces {
        When(isHere(number)) { collected[number] <== manager.w.payload.data }
        collectedStrobes[number]
          <== (gives | burst.isRefused).select(
            Bits.zeros(widths.managerLanes.count), else: strobes[number])
      }
    }
  }

  /// A wider beat is taken with its last piece.
  @CircuitBuilder private var narrowing: Circuit {
    let (data, strb, strobeWidth) = (manager.w.payload.data, manager.w.payload.strb, widths.subordinateLanes.count)
    let pieces = (0..<widths.pieces).map { data[($0 * widths.pieceWidth)..<(($0 + 1) * widths.pieceWidth)] }
    let strobes = (0..<widths.pieces).map { strb[($0 * strobeWidth)..<(($0 + 1) * strobeWidth)] }
    subordinate.w.payload.data <== pieces.element(at: piece)
    subordinate.w.payload.strb <== strobes.element(at: piece)
    subordinate.w.valid <== manager.w.valid & mayGive
    let isTaken = isLastPiece & lengths.output.valid & subordinate.w.ready
    manager.w.ready <== isExpected & (burst.isRefused | isTaken)
    When(subordinate.w.fires) {
      nextPiece <== piece.successor(inRingOf: widths.pieces)
      isUnderWay <== !(isLastPiece & manager.w.payload.last)
    }
  }

  /// The answers of the subordinate's bursts become one.
  @CircuitBuilder private var answering: Circuit {
    let oldest = ended.output
    let collectedResponse = response.isError.select(response, else: subordinate.b.payload.resp)
    let isEnd = subordinate.b.valid & ends.output.payload
    manager.b.payload.id <== oldest.payload.id
    manager.b.payload.resp <== oldest.payload.isRefused.select(Choice(.subordinateError), else: collectedResponse)
    manager.b.valid <== oldest.valid & (oldest.payload.isRefused | isEnd)
    oldest.ready <== manager.b.fires
    subordinate.b.ready
      <== oldest.valid & !oldest.payload.isRefused & (!ends.output.payload | manager.b.ready)
    ends.output.ready <== subordinate.b.fires
    When(subordinate.b.fires) {
      response <== ends.output.payload.select(Choice(.okay), else: collectedResponse)
    }
  }
}
