import Weft
import WeftStreams

/// Turns a row of every plane, one behind the other, into a row of pixels, all channels of one together.
///
/// One row is given while the next one comes.
///
/// - Latency: three cycles from the last element of a row to the first one that is given.
/// - Throughput: an element a cycle.
/// - Capacity: two rows of all planes.
/// - Paths: combinational from `output.ready` to the memory's read port alone.
struct PlaneTransposer: Module {
  let channels: Int
  let columns: Int
  let bits: Int

  /// The elements of a row, channel by channel.
  var input: Stream<Bits> { sink(.bits(bits)) }
  /// The elements of a row, pixel by pixel.
  var output: Stream<Bits> { source(.bits(bits)) }

  private var size: Int { channels * columns }
  private var addressBits: Int { bitsFor(2 * size - 1) }

  var elements: Memory<Bits> {
    memory(depth: 2 * size, of: .bits(bits), style: MemoryShape(depth: 2 * size, width: bits).style)
  }
  var isFilled: Vector<Bit> { register(.vector(2, of: .bit), reset: 0) }
  // What comes: the half, and the place in both.
  var half: Unsigned { register(.unsigned(1), reset: 0) }
  var place: Counter { Counter(self, limit: 2 * size, named: "place") }
  // What is read: the half, the column and the channel, and the place in both.
  var readHalf: Unsigned { register(.unsigned(1), reset: 0) }
  var column: Counter { Counter(self, limit: columns, named: "column") }
  var channel: Counter { Counter(self, limit: channels, named: "channel") }
  var pixelPlace: Unsigned { register(.unsigned(addressBits), reset: 0) }
  var readPlace: Unsigned { register(.unsigned(addressBits), reset: 0) }
  var isOffering: Bit { register(.bit, reset: 0) }

  var fetches: Bit { wire(isFilled[readHalf] & (!isOffering | output.ready)) }
  var isRowRead: Bit { wire(fetches & channel.isLast & column.isLast) }
  var isRowWritten: Bit {
    wire(input.fires & ((place.value == Unsigned(size - 1)) | place.isLast))
  }

  var body: Circuit {
    input.ready <== !isFilled[half]
    output.payload <== elements.read(readPlace, enable: fetches)
    output.valid <== isOffering
    When(!isOffering | output.ready) { isOffering <== fetches }
    When(input.fires) {
      elements.write(input.payload, at: place.value)
      place.advance
    }
    When(isRowWritten) {
      half <== ~half
      isFilled[half] <== 1
    }
    When(fetches) {
      channel.advance
      readPlace <== readPlace &+ Bits.number(columns, addressBits)
      When(channel.isLast) {
        column.advance
        let isOver = column.isLast
        let next = readHalf[0].select(Bits.number(0, addressBits), else: Bits.number(size, addressBits))
        let start = isOver.select(next, else: pixelPlace &+ 1)
        pixelPlace <== start
        readPlace <== start
      }
    }
    When(isRowRead) {
      readHalf <== ~readHalf
      isFilled[readHalf] <== 0
    }
  }
}
