import Weft
import WeftStreams

/// Reads the frames of an input from memory and gives their elements to the grid, pixel by pixel.
///
/// While it is held it asks for nothing, drops what is on its way, and forgets all else.
struct TensorReader: Module {
  let format: TensorFormat
  let settings: BlockSettings

  /// Where the frames of each pass lie.
  var addresses: Stream<Unsigned> { sink(.unsigned(settings.addressWidth)) }
  /// The bus to memory.
  var bus: AXI4ReadChannels {
    output(.bundle(AXI4ReadChannels(addressWidth: settings.addressWidth, dataWidth: settings.dataWidth)))
  }
  /// The elements, in the order in which the grid takes them.
  var elements: Stream<Vector<Signed>> { source(.vector(1, of: .signed(format.quantization.bits))) }
  /// Whether it is held.
  var isHeld: Bit { input(.bit) }
  var report: MoverReport { output(.bundle(MoverReport())) }

  private var storageBits: Int { format.quantization.storage.bits }
  private var elementsPerRegion: Int {
    format.isInterleaved ? format.frames * format.shape.count : format.shape.channels * format.shape.width
  }

  var queue: Instance<FIFO<Unsigned>> {
    instance(FIFO(of: .unsigned(settings.addressWidth), depth: settings.framesInFlight))
  }
  var sequencer: Instance<RegionSequencer> {
    instance(RegionSequencer(format: format, rowsPerGroup: 1, addressWidth: settings.addressWidth))
  }
  var mover: Instance<DMAReader> {
    instance(
      DMAReader(
        addressWidth: settings.addressWidth, dataWidth: settings.dataWidth, longestBurst: BlockSettings.longestBurst,
        outstanding: BlockSettings.outstanding, buffer: settings.buffer))
  }
  var unpacker: Instance<WordUnpacker> {
    instance(WordUnpacker(wordWidth: settings.dataWidth, elementWidth: storageBits, elements: elementsPerRegion))
  }
  var transposer: Instance<PlaneTransposer> {
    instance(PlaneTransposer(channels: format.shape.channels, columns: format.shape.width, bits: storageBits))
  }
  /// Whether a region is being read.
  var isReading: Bit { register(.bit, reset: 0) }

  var body: Circuit {
    queue[.main].reset <== isHeld
    if !format.isInterleaved { sequencer[.main].reset <== isHeld }
    unpacker[.main].reset <== isHeld
    queue.input <== addresses
    sequencer.addresses <== queue.output
    mover.descriptors.payload <== sequencer.regions.payload
    mover.descriptors.valid <== sequencer.regions.valid & !isHeld
    sequencer.regions.ready <== mover.descriptors.ready & !isHeld
    bus <== mover.bus
    unpacking
    reporting
  }

  @CircuitBuilder private var unpacking: Circuit {
    let hasBytes = mover.output.payload.keep.isAnySet
    unpacker.input.payload <== mover.output.payload.data
    unpacker.input.valid <== mover.output.valid & hasBytes
    mover.output.ready <== unpacker.input.ready | !hasBytes | isHeld
    if format.isInterleaved {
      elements <== unpacker.output.map(element)
    } else {
      transposer[.main].reset <== isHeld
      transposer.input <== unpacker.output
      elements <== transposer.output.map(element)
    }
  }

  private func element(_ stored: Bits) -> Vector<Signed> { Vector([format.code(ofStored: stored)]) }

  @CircuitBuilder private var reporting: Circuit {
    mover.completions.ready <== 1
    When(mover.completions.fires) { isReading <== 0 }
    When(mover.descriptors.fires) { isReading <== 1 }
    report.isIdle <== !isReading
    report.fails <== mover.completions.valid & (mover.completions.payload != .complete)
    report.outcome <== mover.completions.payload
  }
}
