import Weft
import WeftStreams

/// Writes the frames of an output to memory as the grid gives them.
///
/// While it is held it ends what is on its way to memory with the next burst, and forgets all else.
struct TensorWriter: Module {
  let format: TensorFormat
  let order: LinkOrder
  let settings: BlockSettings

  /// Where the frames of each pass go.
  var addresses: Stream<Unsigned> { sink(.unsigned(settings.addressWidth)) }
  /// The transfers of the grid.
  var transfers: Stream<Vector<Signed>> { sink(.vector(order.lanes, of: .signed(format.quantization.bits))) }
  /// The bus to memory.
  var bus: AXI4WriteChannels {
    output(.bundle(AXI4WriteChannels(addressWidth: settings.addressWidth, dataWidth: settings.dataWidth)))
  }
  /// Whether it is held.
  var isHeld: Bit { input(.bit) }
  var report: MoverReport { output(.bundle(MoverReport())) }
  /// Whether all frames of a pass have come to memory.
  var isDone: Bit { output(.bit) }

  var queue: Instance<FIFO<Unsigned>> {
    instance(FIFO(of: .unsigned(settings.addressWidth), depth: settings.framesInFlight))
  }
  var sequencer: Instance<RegionSequencer> {
    instance(
      RegionSequencer(format: format, rowsPerGroup: order.mapRowsPerGroup, addressWidth: settings.addressWidth))
  }
  var raster: Instance<RasterBuffer> { instance(RasterBuffer(format, order, dataWidth: settings.dataWidth)) }
  var mover: Instance<DMAWriter> {
    instance(
      DMAWriter(
        addressWidth: settings.addressWidth, dataWidth: settings.dataWidth, longestBurst: BlockSettings.longestBurst,
        outstanding: BlockSettings.outstanding, buffer: settings.buffer))
  }
  /// The regions that are being written, and whether each is the last of its pass.
  var regions: Instance<FIFO<Bit>> { instance(FIFO(of: .bit, depth: 2)) }

  var body: Circuit {
    queue[.main].reset <== isHeld
    if !format.isInterleaved { sequencer[.main].reset <== isHeld }
    raster[.main].reset <== isHeld
    queue.input <== addresses
    sequencer.addresses <== queue.output
    raster.transfers <== transfers
    mover.descriptors.payload <== sequencer.regions.payload
    mover.descriptors.valid <== sequencer.regions.valid & !isHeld
    sequencer.regions.ready <== mover.descriptors.ready & !isHeld
    packets
    bus <== mover.bus
    reporting
  }

  /// A packet without bytes ends the region that is being written.
  @CircuitBuilder private var packets: Circuit {
    let packet = raster.output.payload
    mover.input.payload.data <== packet.data
    mover.input.payload.keep <== isHeld.select(Bits.zeros(settings.dataWidth / 8), else: packet.keep)
    mover.input.payload.last <== isHeld | packet.last
    mover.input.valid <== isHeld | raster.output.valid
    raster.output.ready <== mover.input.ready
  }

  @CircuitBuilder private var reporting: Circuit {
    let outcome = mover.completions.payload
    mover.completions.ready <== 1
    regions.input.payload <== sequencer.isLast
    regions.input.valid <== mover.descriptors.fires
    regions.output.ready <== mover.completions.fires
    report.isIdle <== !regions.output.valid
    report.fails <== mover.completions.valid & (outcome != .complete)
    report.outcome <== outcome
    isDone <== mover.completions.valid & (outcome == .complete) & regions.output.payload
  }
}
