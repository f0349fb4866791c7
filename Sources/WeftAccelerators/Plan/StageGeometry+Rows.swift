import WeftNetworks
import WeftStreams

/// The rows of the maps that a stage reads, and the banks and the depth of the buffers that hold them.
extension StageGeometry {
  /// Height of the maps that feed the stage.
  var inputHeight: Int { layer.inputShape.height }
  /// The source row that the first window row of group 0 lies in, at most 0, and the place within its upsampled rows.
  var firstRow: (row: Int, phase: Int) { floorDivide(-kernel.window.padding.top, kernel.upsampling.vertical) }
  /// The source column of the first window column, at most 0, and the place within its upsampled columns.
  var firstColumn: (column: Int, phase: Int) {
    let (column, phase) = floorDivide(-kernel.window.padding.left, kernel.upsampling.horizontal)
    return (column, phase)
  }

  /// The source rows that have to be complete for a row group: all from `first` up to, not including, `end`; both
  /// within the map. Beside those that it reads, these are the ones that no later group of the frame reads.
  func sourceRows(ofGroup group: Int) -> (first: Int, end: Int) {
    let (first, end) = readRows(ofGroup: group)
    let released = group + 1 < rowGroups ? readRows(ofGroup: group + 1).first : inputHeight
    return (first, max(end, released))
  }

  /// The source rows from the first to the last that a row group reads, within the map.
  private func readRows(ofGroup group: Int) -> (first: Int, end: Int) {
    let start = group * configuration.h * kernel.window.strideVertical - kernel.window.padding.top
    let last = start + windowRows - 1
    let first = floorDivide(start, kernel.upsampling.vertical).0
    let end = floorDivide(last, kernel.upsampling.vertical).0 + 1
    return (min(max(first, 0), inputHeight), min(max(end, 0), inputHeight))
  }

  /// Upsampled rows from the first to the last that a full row group reads.
  var windowRows: Int { (configuration.h - 1) * kernel.window.strideVertical + kernel.window.kernelHeight }

  /// The distances in upsampled rows, from the first engine's first, at which rows are read in one cycle.
  var rowDistances: [Int] {
    let taps = 0..<min(configuration.taps, kernel.window.kernelHeight)
    let rows = (0..<configuration.h).flatMap { row in taps.map { row * kernel.window.strideVertical + $0 } }
    return Set(rows).sorted()
  }

  /// The distances in upsampled columns at which columns are read in one cycle.
  var columnDistances: Range<Int> { 0..<min(configuration.columnTaps, kernel.window.kernelWidth) }

  /// Row banks of the input buffers: at least as many as source rows that are read in one cycle, first to last, and so
  /// many that the rows of a transfer come to different banks.
  public var banks: Int {
    let taps = min(configuration.taps, kernel.window.kernelHeight)
    let span = (configuration.h - 1) * kernel.window.strideVertical + taps - 1
    let factor = kernel.upsampling.vertical
    var banks = (factor - 1 + span) / factor + 1
    // Rows so many apart come to as many banks by turns.
    while inputOrders.contains(where: {
      banks / greatestCommonDivisor($0.verticalPhases, banks) < $0.rowLanes
    }) { banks += 1 }
    return banks
  }

  /// Rows of the input buffers, a multiple of ``banks``.
  public var bufferRows: Int { ceilingDivide(neededRows, banks) * banks }

  /// Rows with which neither the stage nor the ones before it ever wait for each other while they have all they need.
  package var neededRows: Int {
    zip(inputOrders, inputBatches).reduce(1) { max($0, rows(for: $1.0) + earlyRows(offered: $1.1)) }
  }

  /// Rows that come early where only some frames of a pass are computed: all of them come in the first part of the pass
  /// and are computed in all of it.
  private func earlyRows(offered frames: Int) -> Int { ceilingDivide(inputHeight * (frames - batch), frames) }

  private func rows(for order: LinkOrder) -> Int {
    let height = inputHeight
    let groups = rowGroups
    // Two frames, since rows follow each other without a gap between frames.
    let reads = (0..<2 * groups).map { index -> (first: Int, end: Int) in
      let (first, end) = sourceRows(ofGroup: index % groups)
      let base = index / groups * height
      // Rows before the first that this group reads in its frame are released; those of an earlier frame always.
      return (base + first, base + end)
    }
    /// The rows that are complete with a row group of the producer's, counted over frames.
    func written(withGroup index: Int) -> Int {
      let (frame, group) = (index / order.rowGroups, index % order.rowGroups)
      return frame * height + min((group + 1) * order.mapRowsPerGroup, height)
    }
    func written(upTo row: Int) -> Int {
      if row <= 0 { return written(withGroup: 0) }
      let (frame, rest) = ((row - 1) / height, (row - 1) % height)
      return written(withGroup: frame * order.rowGroups + rest / order.mapRowsPerGroup)
    }
    var rows = 1
    for index in 0..<(reads.count - 1) {
      // What the next group needs is written while this one is held.
      rows = max(rows, written(upTo: reads[index + 1].end) - reads[index].first)
    }
    var next = 0
    for index in 0..<(2 * order.rowGroups) {
      // The producer's next group of rows is written from the moment its last one is complete, when all groups that
      // did not need the last one have been read.
      let begin = index == 0 ? 0 : written(withGroup: index - 1)
      while next < reads.count - 1, reads[next].end <= begin { next += 1 }
      rows = max(rows, written(withGroup: index + 1) - reads[next].first)
    }
    // Both sides may take all of a frame's cycles, each for groups of its own: then a group is read from the moment its
    // last row is written in the worst case, and released a group's time later. Times are counted in parts of a frame
    // that both kinds of groups have whole numbers of.
    let (reading, writing) = (pace, order.pace)
    func lastGroup(withRow row: Int) -> Int {
      row / height * order.rowGroups + row % height / order.mapRowsPerGroup
    }
    let lag = reads.enumerated().reduce(0) { lag, next in
      let written = writing.firstCycle(lastGroup(withRow: max(next.element.end - 1, 0)) + 1)
      return max(lag, written * reading.total - reading.firstCycle(next.offset) * writing.total)
    }
    for (index, read) in reads.enumerated() {
      let released = reading.firstCycle(index + 1) * writing.total + lag
      let inProgress = writing.lastGroup(before: ceilingDivide(released, reading.total))
      rows = max(rows, min(written(withGroup: inProgress) - read.first, 2 * height))
    }
    return rows
  }

  /// Column banks of the input buffers: as many as source columns that are read in one cycle, first to last.
  public var columnBanks: Int {
    let factor = kernel.upsampling.horizontal
    return (factor - 1 + columnDistances.count - 1) / factor + 1
  }

  /// Words of a row of a map in a bank.
  var rowSize: Int { ceilingDivide(layer.inputShape.width, columnBanks) * (inputGroups.max() ?? 1) }

  /// Bits that a row of each map takes in each bank, all banks together: a measure of the buffers that is quick to
  /// have.
  public var bankRowBits: Int {
    banks * columnBanks * rowSize * inputOrders.count * configuration.cpf * layer.inputBits
  }

  /// Words of each memory of the input buffers.
  public var bankDepth: Int { bufferRows / banks * rowSize }
}
