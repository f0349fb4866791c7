import WeftNetworks

/// Everything about a stage that follows from its layer, its configuration and the order in which its input arrives:
/// what the unit is built from, and what the cycle count is computed from.
public struct StageGeometry: Hashable, Sendable {
  /// What the stage computes.
  public let layer: QuantizedLayer
  /// How much of it at once.
  public let configuration: UnitConfiguration
  /// The order in which the input arrives.
  public let inputOrder: ElementOrder

  /// The geometry of a stage. The order's shape is the layer's input shape.
  public init(layer: QuantizedLayer, configuration: UnitConfiguration, inputOrder: ElementOrder) {
    precondition(inputOrder.shape == layer.inputShape, "the order of a stage's input fits its layer")
    precondition(
      configuration.cpf > 0 && configuration.kpf > 0 && configuration.h > 0, "the factors of a unit are positive")
    self.layer = layer
    self.configuration = configuration
    self.inputOrder = inputOrder
  }

  /// The order in which the output leaves.
  public var outputOrder: ElementOrder {
    ElementOrder(
      shape: layer.outputShape, rowsPerGroup: configuration.h, channelsPerGroup: configuration.kpf)
  }

  // MARK: Loops

  /// Groups of `cpf` input channels.
  public var inputGroups: Int { ceilingDivide(layer.inputShape.channels, configuration.cpf) }
  /// Groups of `kpf` output channels.
  public var outputGroups: Int { ceilingDivide(layer.outputShape.channels, configuration.kpf) }
  /// Groups of `h` output rows.
  public var rowGroups: Int { ceilingDivide(layer.outputShape.height, configuration.h) }
  /// Cycles of multiply-accumulates for one result of every processing element.
  public var cyclesPerResult: Int { layer.kernelHeight * layer.kernelWidth * inputGroups }

  // MARK: Cycles

  /// Cycles that the unit takes for a frame when nothing stalls it: for each group of results the longer of computing
  /// it and passing it on, one value a cycle.
  public var computeCycles: Int {
    let order = outputOrder
    var cycles = 0
    for (rows, rowCount) in groupSizes(order.shape.height, order.rowsPerGroup) {
      for (channels, channelCount) in groupSizes(order.shape.channels, order.channelsPerGroup) {
        cycles += rowCount * channelCount * max(cyclesPerResult, rows * channels)
      }
    }
    return cycles * layer.outputShape.width
  }

  /// Cycles between frames at steady state when the stage alone limits them: its computation, or its input at one
  /// value a cycle.
  public var cyclesPerFrame: Int { max(computeCycles, layer.inputShape.count) }

  /// The sizes of the groups of `count` things, `size` at a time, and how many groups have each.
  private func groupSizes(_ count: Int, _ size: Int) -> [(size: Int, count: Int)] {
    let rest = count % size
    return [(size, count / size), (rest, rest == 0 ? 0 : 1)].filter { $0.1 > 0 }
  }

  // MARK: Rows

  /// The source row that the first window row of group 0 lies in, at most 0, and the place within its upsampled rows.
  var firstRow: (row: Int, phase: Int) { floorDivide(-layer.padding.top, layer.upsampling.vertical) }
  /// The source column of the first window column, at most 0, and the place within its upsampled columns.
  var firstColumn: (column: Int, phase: Int) {
    let (column, phase) = floorDivide(-layer.padding.left, layer.upsampling.horizontal)
    return (column, phase)
  }

  /// The source rows that have to be complete for a row group: all from `first` up to, not including, `end`; both
  /// within the map. Beside those that it reads, these are the ones that no later group of the frame reads.
  func sourceRows(ofGroup group: Int) -> (first: Int, end: Int) {
    let (first, end) = readRows(ofGroup: group)
    let released = group + 1 < rowGroups ? readRows(ofGroup: group + 1).first : layer.inputShape.height
    return (first, max(end, released))
  }

  /// The source rows from the first to the last that a row group reads, within the map.
  private func readRows(ofGroup group: Int) -> (first: Int, end: Int) {
    let start = group * configuration.h * layer.strideVertical - layer.padding.top
    let height = layer.inputShape.height
    let last = start + windowRows - 1
    let first = floorDivide(start, layer.upsampling.vertical).0
    let end = floorDivide(last, layer.upsampling.vertical).0 + 1
    return (min(max(first, 0), height), min(max(end, 0), height))
  }

  /// Upsampled rows from the first to the last that a full row group reads.
  var windowRows: Int { (configuration.h - 1) * layer.strideVertical + layer.kernelHeight }

  /// Row banks of the input buffer: as many as source rows that the engines read in one cycle, first to last.
  public var banks: Int {
    let factor = layer.upsampling.vertical
    let span = (configuration.h - 1) * layer.strideVertical
    return (factor - 1 + span) / factor + 1
  }

  /// Rows of the input buffer, a multiple of ``banks``: enough that neither the stage nor the one before it ever waits
  /// for the other while it has all it needs.
  public var bufferRows: Int {
    let height = layer.inputShape.height
    let groups = rowGroups
    // Two frames, since rows follow each other without a gap between frames.
    let reads = (0..<2 * groups).map { index -> (first: Int, end: Int) in
      let (first, end) = sourceRows(ofGroup: index % groups)
      let base = index / groups * height
      // Rows before the first that this group reads in its frame are released; those of an earlier frame always.
      return (base + first, base + end)
    }
    let writes = (0..<3 * inputOrder.rowGroups).map { index -> Int in
      let frame = index / inputOrder.rowGroups
      return frame * height + min((index % inputOrder.rowGroups + 1) * inputOrder.rowsPerGroup, height)
    }
    func written(upTo row: Int) -> Int { writes.first { $0 >= row } ?? row }
    var rows = 1
    for index in 0..<(reads.count - 1) {
      // What the next group needs is written while this one is held.
      rows = max(rows, written(upTo: reads[index + 1].end) - reads[index].first)
    }
    var next = 0
    for index in 0..<(2 * inputOrder.rowGroups) {
      // The producer's next group of rows is written from the moment its last one is complete, when all groups that
      // did not need the last one have been read.
      let begin = index == 0 ? 0 : writes[index - 1]
      while next < reads.count - 1, reads[next].end <= begin { next += 1 }
      rows = max(rows, writes[index + 1] - reads[next].first)
    }
    return ceilingDivide(rows, banks) * banks
  }

  /// Bits that a row of the map takes in each bank, all banks together: a measure of the buffer that is quick to have.
  public var bankRowBits: Int {
    banks * layer.inputShape.width * inputGroups * configuration.cpf * layer.inputBits
  }

  /// Words of each memory of the input buffer.
  public var bankDepth: Int { bufferRows / banks * layer.inputShape.width * inputGroups }
}

/// `a / b` rounded up, for positive numbers.
func ceilingDivide(_ a: Int, _ b: Int) -> Int { (a + b - 1) / b }

/// `a / b` rounded down and what remains, at least zero; `b` is positive.
func floorDivide(_ a: Int, _ b: Int) -> (Int, Int) {
  let quotient = a >= 0 ? a / b : -((-a + b - 1) / b)
  return (quotient, a - quotient * b)
}

/// The bits that hold numbers from zero to `largest`.
func bitsFor(_ largest: Int) -> Int { max(1, Int.bitWidth - largest.leadingZeroBitCount) }

/// The bits that hold numbers of `range` in two's complement.
func signedBitsFor(_ range: ClosedRange<Int>) -> Int {
  max(bitsFor(max(range.upperBound, 0)), range.lowerBound < 0 ? bitsFor(~range.lowerBound) : 1) + 1
}
