import Weft

/// The channels that read of an ``AXIWidthConverter``, for a manager that never writes.
public struct AXIReadWidthConverter: Module {
  let widths: AXIWidths

  /// A converter from beats of `managerWidth` bits to beats of `subordinateWidth`.
  public init(
    addressWidth: Int, from managerWidth: Int, to subordinateWidth: Int, idWidth: Int = 1, outstanding: Int = 8
  ) {
    widths = AXIWidths(
      address: addressWidth, id: idWidth, manager: managerWidth, subordinate: subordinateWidth, outstanding: outstanding
    )
  }

  init(widths: AXIWidths) { self.widths = widths }

  /// The manager.
  public var manager: AXI4ReadChannels {
    input(.bundle(AXI4ReadChannels(addressWidth: widths.address, dataWidth: widths.manager, idWidth: widths.id)))
  }
  /// The subordinate.
  public var subordinate: AXI4ReadChannels {
    output(.bundle(AXI4ReadChannels(addressWidth: widths.address, dataWidth: widths.subordinate, idWidth: widths.id)))
  }

  var splitter: Instance<AXIBurstSplitter> { instance(widths.splitter) }
  /// What the manager says of the burst that is split.
  var attributes: AXIAttributes { register(.bundle(AXIAttributes())) }
  /// The manager's bursts whose beats have not all come.
  var bursts: Instance<FIFO<AXIConvertedBurst>> {
    instance(FIFO(of: .bundle(AXIConvertedBurst(widths)), depth: widths.outstanding))
  }
  /// The manager's beats of the oldest burst that were taken, and the next narrower beat in a wider one.
  var position: Unsigned { register(.unsigned(8), reset: 0) }
  var nextPiece: Unsigned { register(.unsigned(widths.indexWidth), reset: 0) }
  /// Whether a narrower beat of the burst has passed.
  var isUnderWay: Bit { register(.bit, reset: 0) }
  /// The narrower beats that wait for the last one, and the first error among them.
  var collected: Vector<Bits> { register(.vector(widths.pieces, of: .bits(widths.pieceWidth))) }
  var response: Choice<AXIResponse> { register(.choice(), reset: .okay) }

  private var burst: AXIConvertedBurst { bursts.output.payload }
  var piece: Unsigned { wire(isUnderWay.select(nextPiece, else: burst.piece)) }
  var isLastPiece: Bit { wire(piece == Unsigned(widths.pieces - 1)) }
  var isLastBeat: Bit { wire(position == burst.length) }
  var comes: Bit { wire(bursts.output.valid & !burst.isRefused & subordinate.r.valid) }

  public var body: Circuit {
    asking
    manager.r.payload.id <== burst.id
    manager.r.payload.last <== isLastBeat
    bursts.output.ready <== manager.r.fires & isLastBeat
    When(manager.r.fires) {
      position <== isLastBeat.select(0, else: position &+ 1)
      if widths.isWidening { isUnderWay <== !isLastBeat }
    }
    if widths.isWidening { widening } else { narrowing }
  }

  @CircuitBuilder private var asking: Circuit {
    let isConverted = widths.isConverted(manager.ar.payload)
    splitter.ranges.payload.takes(manager.ar.payload, widths)
    splitter.ranges.valid <== manager.ar.valid & isConverted & bursts.input.ready
    splitter.stops <== 0
    bursts.input.payload.takes(manager.ar.payload, widths)
    bursts.input.valid <== manager.ar.valid & (!isConverted | splitter.ranges.ready)
    manager.ar.ready <== bursts.input.ready & (!isConverted | splitter.ranges.ready)
    When(splitter.ranges.fires) { attributes.takes(manager.ar.payload) }
    subordinate.ar.payload.asks(
      from: AXIBurstStart(of: splitter.bursts.payload), size: widths.subordinateLanes.addressBits, attributes)
    subordinate.ar.valid <== splitter.bursts.valid
    splitter.bursts.ready <== subordinate.ar.ready
  }

  /// A wider beat is left with its last piece, or with the manager's last beat.
  @CircuitBuilder private var widening: Circuit {
    let pieces = (0..<widths.pieces).map {
      subordinate.r.payload.data[($0 * widths.pieceWidth)..<(($0 + 1) * widths.pieceWidth)]
    }
    manager.r.payload.data <== pieces.element(at: piece)
    manager.r.payload.resp <== burst.isRefused.select(Choice(.subordinateError), else: subordinate.r.payload.resp)
    manager.r.valid <== bursts.output.valid & (burst.isRefused | subordinate.r.valid)
    subordinate.r.ready <== comes & manager.r.ready & (isLastPiece | isLastBeat)
    When(manager.r.fires) { nextPiece <== piece.successor(inRingOf: widths.pieces) }
  }

  /// A wider beat is given with its last piece.
  @CircuitBuilder private var narrowing: Circuit {
    let parts = (0..<widths.pieces).map {
      $0 == widths.pieces - 1 ? subordinate.r.payload.data : collected[$0]
    }
    let collectedResponse = response.isError.select(response, else: subordinate.r.payload.resp)
    manager.r.payload.data <== Vector(parts).asBits
    manager.r.payload.resp <== burst.isRefused.select(Choice(.subordinateError), else: collectedResponse)
    manager.r.valid <== bursts.output.valid & (burst.isRefused | (subordinate.r.valid & isLastPiece))
    subordinate.r.ready <== comes & (!isLastPiece | manager.r.ready)
    When(subordinate.r.fires) {
      collected[piece] <== subordinate.r.payload.data
      nextPiece <== piece.successor(inRingOf: widths.pieces)
      isUnderWay <== !(isLastPiece & isLastBeat)
      response <== isLastPiece.select(Choice(.okay), else: collectedResponse)
    }
  }
}
