import Weft
import WeftStreams

/// Says which regions of memory a tensor's pass is read from, or written to: one where its elements lie in the order in
/// which they pass, else the rows of each group of rows, in all planes.
///
/// - Latency: none.
/// - Throughput: a region a cycle.
/// - Paths: combinational from `addresses` to `regions` and back.
struct RegionSequencer: Module {
  let format: TensorFormat
  /// The rows of a map that pass together.
  let rowsPerGroup: Int
  let addressWidth: Int

  /// Where the tensor lies, for each pass.
  var addresses: Stream<Unsigned> { sink(.unsigned(addressWidth)) }
  /// Its regions.
  var regions: Stream<DMADescriptor> { source(.bundle(DMADescriptor(addressWidth: addressWidth))) }
  /// Whether the region that is offered is the last of its pass.
  var isLast: Bit { output(.bit) }

  private var rowBytes: Int { format.shape.width * format.elementBytes }
  private var planeBytes: Int { format.shape.height * rowBytes }
  private var groups: Int { ceilingDivide(format.shape.height, rowsPerGroup) }
  private var rowsInLastGroup: Int { format.shape.height - (groups - 1) * rowsPerGroup }

  var group: Counter { Counter(self, limit: groups, named: "group") }
  var frame: Counter { Counter(self, limit: format.frames, named: "frame") }
  /// From the tensor's first byte to the region's.
  var offset: Unsigned { register(.unsigned(addressWidth), reset: 0) }

  var body: Circuit {
    regions.valid <== addresses.valid
    addresses.ready <== regions.ready & isLast
    if format.isInterleaved { whole } else { planes }
  }

  /// One row has all bytes where it may have so many.
  @CircuitBuilder private var whole: Circuit {
    let isOneRow = format.bytes < 1 << 24
    let bytes = isOneRow ? format.bytes : rowBytes * format.shape.channels
    let rows = isOneRow ? 1 : format.frames * format.shape.height
    require(
      bytes < 1 << 24 && rows < 1 << 16,
      "the tensor '\(format.name)' of \(format.frames) x \(format.shape) is too large for a data mover")
    regions.payload.address <== addresses.payload
    regions.payload.rowBytes <== Bits.number(bytes, 24)
    regions.payload.rows <== Bits.number(rows, 16)
    regions.payload.stride <== Bits.number(bytes, addressWidth)
    isLast <== 1
  }

  @CircuitBuilder private var planes: Circuit {
    let whole = rowsPerGroup * rowBytes
    require(
      whole < 1 << 24 && format.shape.channels < 1 << 16,
      "the tensor '\(format.name)' of \(format.shape) is too large for a data mover")
    regions.payload.address <== addresses.payload &+ offset
    regions.payload.rowBytes
      <== group.isLast.select(Bits.number(rowsInLastGroup * rowBytes, 24), else: Bits.number(whole, 24))
    regions.payload.rows <== Bits.number(format.shape.channels, 16)
    regions.payload.stride <== Bits.number(planeBytes, addressWidth)
    isLast <== group.isLast & frame.isLast
    // Behind the first plane of a frame come the others.
    let toNextFrame = rowsInLastGroup * rowBytes + (format.shape.channels - 1) * planeBytes
    When(regions.fires) {
      group.advance
      When(group.isLast) {
        frame.advance
        offset <== frame.isLast.select(0, else: offset &+ Bits.number(toNextFrame, addressWidth))
      } else: {
        offset <== offset &+ Bits.number(whole, addressWidth)
      }
    }
  }
}
