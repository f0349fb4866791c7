import Weft
import WeftNetworks

/// Where the elements of a row group lie while they wait to leave in the order of memory.
///
/// Elements that leave one behind the other without a jump are a run: a row with all channels, or one of a single
/// channel. A run takes whole words, which have an element for each bank; the number of banks is a power of two. The
/// element of place `p` in its run, which lane `l` of its transfer brings, goes to word `p / banks` of the run, and to
/// bank `p + l`, modulo the banks, with `p` that of the transfer's first element of its row: so all lanes of a transfer
/// meet different banks, and neighbours in a run lie in one word, turned by as much as the run says.
struct RasterGeometry: Hashable {
  let format: TensorFormat
  let order: LinkOrder
  /// Elements of a beat of the bus, a power of two.
  let beatElements: Int
  /// The elements of a word.
  let banks: Int

  init(_ format: TensorFormat, _ order: LinkOrder, dataWidth: Int) {
    self.format = format
    self.order = order
    beatElements = max(1, dataWidth / 8 / format.elementBytes)
    banks = max(beatElements, order.lanes == 1 ? 1 : 1 << bitsFor(order.lanes - 1))
  }

  private var shape: MapShape { format.shape }

  // MARK: Runs

  /// The elements of a run.
  var runLength: Int { format.isInterleaved ? shape.width * shape.channels : shape.width }
  /// The rows of a whole row group, and of the last one.
  var rows: Int { order.mapRowsPerGroup }
  var rowsInLastGroup: Int { order.rowsInLastGroup * order.verticalPhases }
  /// The planes that leave one behind the other.
  var planes: Int { format.isInterleaved ? 1 : shape.channels }
  /// The runs of a row group.
  var runs: Int { planes * rows }
  /// The words of a run.
  var wordsPerRun: Int { ceilingDivide(runLength, banks) }
  /// The beats of a run, of which the last may be shorter.
  var beatsPerRun: Int { ceilingDivide(runLength, beatElements) }
  /// The beats of a word.
  var beatsPerWord: Int { banks / beatElements }
  /// The words of each of the two row groups: one is written while the other is read.
  var wordsPerGroup: Int { runs * wordsPerRun }
  /// The bits of the address of a word in both.
  var addressBits: Int { bitsFor(2 * wordsPerGroup - 1) }
  /// The bits of the number of a bank.
  var bankBits: Int { bitsFor(banks - 1) }

  /// By how many banks each run is turned: the lane that brings its first element.
  var turns: [BitVector] {
    (0..<runs).map { run in
      let (plane, row) = run.quotientAndRemainder(dividingBy: rows)
      let rowLane = row / order.verticalPhases % order.rowLanes * order.channelLanes
      let channelLane = format.isInterleaved ? 0 : plane % order.channelLanes
      return BitVector(truncating: rowLane + channelLane, width: bankBits)
    }
  }

  // MARK: Steps

  /// The word of a lane's run, counted from that of the first lane of its transfer.
  func wordOffset(ofLane lane: Int) -> Int {
    let (row, channel) = lane.quotientAndRemainder(dividingBy: order.channelLanes)
    let plane = format.isInterleaved ? 0 : channel
    return (plane * rows + row * order.verticalPhases) * wordsPerRun
  }

  /// How far the place in a run goes on with each column of pixels.
  var placesPerColumn: Int { order.horizontalPhases * (format.isInterleaved ? shape.channels : 1) }

  /// The table of steps: first those of a whole row group, then those of a last one that has fewer rows.
  var steps: (words: [BitVector], startOfLastGroup: Int) {
    let whole = words(order.steps, rows: order.rowsPerGroup)
    guard order.rowsInLastGroup < order.rowsPerGroup else { return (whole, 0) }
    let last = words(order.stepsInLastGroup, rows: order.rowsInLastGroup)
    return order.rowGroups == 1 ? (last, 0) : (whole + last, whole.count)
  }

  /// The bits of a place in a run.
  var placeBits: Int { bitsFor(max(runLength - 1, 1)) }

  private func words(_ steps: [LinkOrder.Step], rows count: Int) -> [BitVector] {
    steps.enumerated().map { index, step in
      let isEnd = index == steps.count - 1
      let row = step.row * order.verticalPhases + step.phase.row
      let plane = format.isInterleaved ? 0 : step.channel
      let place = format.isInterleaved ? step.phase.column * shape.channels + step.channel : step.phase.column
      let lanes = min(order.rowLanes, count - step.row)
      return .concatenating([
        BitVector(truncating: (1 << lanes) - 1, width: order.rowLanes),
        BitVector(truncating: (plane * rows + row) * wordsPerRun, width: addressBits),
        BitVector(truncating: place, width: placeBits),
        BitVector(truncating: step.pass == steps[steps.count - 1].pass ? 1 : 0, width: 1),
        BitVector(truncating: isEnd || steps[index + 1].pass != step.pass ? 1 : 0, width: 1),
      ])
    }
  }

  /// The fields of a word of the table.
  struct Step {
    let ends: StepCursor.Ends
    /// The place of the first lane in its run, counted from the column's.
    let place: Unsigned
    /// The first word of the first lane's run.
    let word: Unsigned
    /// The rows that exist.
    let rows: Bits
  }

  /// The fields of a word of the table.
  func step(_ word: Bits) -> Step {
    let wordLow = 2 + placeBits
    let rowsLow = wordLow + addressBits
    return Step(
      ends: StepCursor.Ends(isLast: word[0], isLastPass: word[1]), place: word[2..<wordLow].asUnsigned,
      word: word[wordLow..<rowsLow].asUnsigned, rows: word[rowsLow..<(rowsLow + order.rowLanes)])
  }
}
