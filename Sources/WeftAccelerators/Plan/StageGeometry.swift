import Weft
import WeftNetworks
import WeftStreams

/// Everything about a stage that follows from its layer, its configuration and the orders in which its inputs arrive:
/// what the unit is built from, and what the cycle count is computed from.
public struct StageGeometry: Hashable, Sendable {
  /// What the stage computes.
  public let layer: QuantizedLayer
  /// How much of it at once.
  public let configuration: UnitConfiguration
  /// The orders in which the maps that feed the layer arrive, one for each.
  public let inputOrders: [LinkOrder]
  /// Frames that the stage computes in a pass of the accelerator.
  public let batch: Int
  /// Frames of each input that come in a pass: the first ones are computed, others left out before the stage.
  public let inputBatches: [Int]
  /// The convolution that the unit runs.
  public let kernel: Kernel
  /// One round of a unit: a result of every processing element.
  public struct Round: Hashable, Sendable {
    /// The part of the window that it reads.
    public var group: Int
    /// The first of the results among those of the group: phase by phase, channel by channel.
    public var first: Int
    /// The results that exist, at most ``UnitConfiguration/kpf``.
    public var count: Int
  }

  /// The geometry of a stage. The orders' shapes together are the layer's input shape; the configuration's factors are
  /// possible for the layer (see ``Plan/geometries(for:kernels:)``). Without batches a pass is a frame.
  public init(
    layer: QuantizedLayer, configuration: UnitConfiguration, inputOrders: [LinkOrder], batch: Int = 1,
    inputBatches: [Int]? = nil
  ) {
    self.init(
      layer: layer, configuration: configuration, inputOrders: inputOrders, batch: batch, inputBatches: inputBatches,
      kernel: configuration.decomposes ? Kernel(decomposing: layer) : Kernel(layer))
  }

  /// The same with the kernel at hand that the layer and the configuration have.
  package init(
    layer: QuantizedLayer, configuration: UnitConfiguration, inputOrders: [LinkOrder], batch: Int = 1,
    inputBatches: [Int]? = nil, kernel: Kernel
  ) {
    precondition(
      inputOrders.reduce(0) { $0 + $1.shape.channels } == layer.inputShape.channels,
      "the orders of a stage's inputs fit its layer")
    self.layer = layer
    self.configuration = configuration
    self.inputOrders = inputOrders
    self.batch = batch
    self.inputBatches = inputBatches ?? inputOrders.map { _ in batch }
    self.kernel = kernel
  }

  /// Whether the weights of a round stay for all columns of a group of rows before those of the next come: else all
  /// rounds of a column come one after the other.
  public var isWeightStationary: Bool { configuration.weightStore == .streamed }
  /// Whether the weights come from external memory.
  package var hasExternalWeights: Bool { configuration.weightStore != .chip }
  /// Whether the layer is a max pooling: each round compares `cpf` channels, which are its results too.
  public var isPooling: Bool { layer.isPooling }
  /// Products a cycle.
  public var multipliers: Int { isPooling ? 0 : configuration.multipliers }
  /// Multipliers that requantise.
  public var requantisationMultipliers: Int { isPooling ? 0 : configuration.lanes }

  /// The rounds of one column of results, in their order.
  public var rounds: [Round] {
    kernel.groups.indices.flatMap { group in
      let results = results(ofGroup: group)
      return stride(from: 0, to: results, by: configuration.kpf).map {
        Round(group: group, first: $0, count: min(configuration.kpf, results - $0))
      }
    }
  }

  /// The results of one pixel that read the same part of the window.
  private func results(ofGroup group: Int) -> Int {
    kernel.groups[group].phases.count * layer.outputShape.channels
  }

  /// The order in which the output leaves.
  public var outputOrder: LinkOrder {
    let channels = layer.outputShape.channels
    var steps: [LinkOrder.Step] = []
    for (index, round) in rounds.enumerated() {
      for row in stride(from: 0, to: configuration.h, by: configuration.rowLanes) {
        for place in stride(from: round.first, to: round.first + round.count, by: configuration.channelLanes) {
          let phase = kernel.groups[round.group].phases[place / channels]
          for copy in kernel.copies {
            let phase = Kernel.Phase(row: phase.row + copy.row, column: phase.column + copy.column)
            steps.append(
              LinkOrder.Step(row: row, phase: phase, channel: place % channels, pass: isWeightStationary ? index : 0))
          }
        }
      }
    }
    return order(steps: steps.filter { $0.row < kernel.rows })
  }

  /// The output's order without its steps: all that the buffer of the next stage depends on.
  package var emission: LinkOrder { order(steps: []) }

  private func order(steps: [LinkOrder.Step]) -> LinkOrder {
    LinkOrder(
      shape: layer.outputShape, rowsPerGroup: min(configuration.h, kernel.rows),
      phases: (kernel.verticalPhases, kernel.horizontalPhases), rowLanes: configuration.rowLanes,
      channelLanes: configuration.channelLanes, steps: steps, pace: pace)
  }

  // MARK: Loops

  /// Groups of `cpf` channels of each input.
  public var inputGroups: [Int] { inputOrders.map { ceilingDivide($0.shape.channels, configuration.cpf) } }
  /// Groups of `h` rows of results.
  public var rowGroups: Int { ceilingDivide(kernel.rows, configuration.h) }
  /// Groups of kernel rows that a round of a group of phases multiplies one after the other.
  func tapGroups(ofGroup group: Int) -> Int { ceilingDivide(kernel.groups[group].rows.count, configuration.taps) }
  /// Groups of kernel columns that a round of a group of phases multiplies one after the other.
  func columnTapGroups(ofGroup group: Int) -> Int {
    ceilingDivide(kernel.groups[group].columns.count, configuration.columnTaps)
  }
  /// Cycles of multiply-accumulates of a round of a group of phases.
  public func cyclesPerRound(ofGroup group: Int) -> Int {
    tapGroups(ofGroup: group) * columnTapGroups(ofGroup: group) * inputGroupsPerSum
  }
  /// Groups of `cpf` channels that a result is made of: those of all inputs, but one of a pooling.
  var inputGroupsPerSum: Int {
    isPooling ? 1 : inputOrders.reduce(0) { $0 + ceilingDivide($1.shape.channels, configuration.cpf) }
  }

  /// Cycles of multiply-accumulates of all rounds of a column: the words that the weights take.
  package var multiplyCyclesPerColumn: Int {
    kernel.groups.indices.reduce(0) {
      $0 + ceilingDivide(results(ofGroup: $1), configuration.kpf) * cyclesPerRound(ofGroup: $1)
    }
  }

  // MARK: Cycles

  /// Cycles that the unit takes for a frame when nothing stalls it: for each round the longer of computing it and
  /// passing the results of the one before on, a transfer a cycle; of weights that are streamed, the longest of that,
  /// for all columns, and of filling the other half of the weight buffer.
  public var computeCycles: Int {
    isWeightStationary
      ? sumOfParts(of: kernel.rows, configuration.h, cyclesPerRowGroup(ofRows:))
      : kernel.columns * sumOfParts(of: kernel.rows, configuration.h, cyclesPerColumn(ofRows:))
  }

  /// Cycles of a group of so many rows where the rounds come one after the other.
  private func cyclesPerRowGroup(ofRows rows: Int) -> Int {
    rounds.reduce(0) { cycles, round in
      let computing = cyclesPerRound(ofGroup: round.group)
      let column = max(computing, transfers(of: round.count, rows: rows))
      return cycles + max(kernel.columns * column, computing * weightParts)
    }
  }

  /// Cycles of a column of a group of so many rows: results are held while those of the round before are passed on.
  private func cyclesPerColumn(ofRows rows: Int) -> Int {
    let (last, kpf) = (kernel.groups.count - 1, configuration.kpf)
    let rest = results(ofGroup: last) % kpf
    var before = transfers(of: rest == 0 ? kpf : rest, rows: rows)
    var cycles = 0
    for group in kernel.groups.indices {
      let computing = cyclesPerRound(ofGroup: group)
      let (whole, rest) = (results(ofGroup: group) / kpf, results(ofGroup: group) % kpf)
      if whole > 0 {
        let passing = transfers(of: kpf, rows: rows)
        cycles += max(computing, before) + (whole - 1) * max(computing, passing)
        before = passing
      }
      if rest > 0 {
        cycles += max(computing, before)
        before = transfers(of: rest, rows: rows)
      }
    }
    return cycles
  }

  /// Transfers of so many results of each row of a group, copies among them.
  private func transfers(of results: Int, rows: Int) -> Int {
    ceilingDivide(results, configuration.channelLanes) * ceilingDivide(rows, configuration.rowLanes)
      * kernel.copies.count
  }

  /// How the row groups of results share the cycles of a frame.
  var pace: Pace {
    let rest = kernel.rows - (rowGroups - 1) * configuration.h
    let cycles = isWeightStationary ? cyclesPerRowGroup(ofRows:) : cyclesPerColumn(ofRows:)
    return Pace(groups: rowGroups, whole: cycles(configuration.h), last: cycles(rest))
  }

  /// Cycles from the last operands of a row group to its last transfer, and on to the line buffer of the next stage:
  /// the pipeline's, and those in which the results of the last round are passed on.
  var latency: Int {
    let last = results(ofGroup: kernel.groups.count - 1) % configuration.kpf
    return 32 + transfers(of: last == 0 ? configuration.kpf : last, rows: configuration.h)
  }

  /// Transfers of a frame of the output.
  package var outputTransfersPerFrame: Int {
    kernel.columns * sumOfParts(of: kernel.rows, configuration.h, transfersPerColumn(ofRows:))
  }

  private func transfersPerColumn(ofRows rows: Int) -> Int {
    kernel.groups.indices.reduce(0) { sum, group in
      sum + sumOfParts(of: results(ofGroup: group), configuration.kpf) { transfers(of: $0, rows: rows) }
    }
  }

  /// Sums what follows from the size of a part over the parts of `count` things, `size` at a time.
  private func sumOfParts(of count: Int, _ size: Int, _ value: (_ size: Int) -> Int) -> Int {
    let (whole, rest) = (count / size, count % size)
    return (whole == 0 ? 0 : whole * value(size)) + (rest == 0 ? 0 : value(rest))
  }

  /// Cycles between frames at steady state when the stage alone limits them: its computation, or one of its inputs at a
  /// transfer a cycle.
  public var cyclesPerFrame: Int { max(computeCycles, inputOrders.map(\.transfersPerFrame).max() ?? 0) }

  /// The same between passes: those of all frames that the stage computes, or in which one of its inputs comes.
  public var cyclesPerPass: Int {
    zip(inputOrders, inputBatches).reduce(batch * computeCycles) { max($0, $1.0.transfersPerFrame * $1.1) }
  }

  // MARK: Rows

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

  // MARK: Arithmetic

  /// Whether each element of the output has a bias of its own.
  package var isUntied: Bool { layer.isUntied }
  /// Bits of the weights of a cycle.
  package var weightWidth: Int { configuration.operandLanes * configuration.kpf * kernel.weightBits }
  /// Parts in which the weights of a cycle come from external memory: as few as fit its words.
  var weightParts: Int { ceilingDivide(weightWidth, MemoryLayout.wordWidth) }
  /// Bits of a part.
  var weightPartWidth: Int { ceilingDivide(weightWidth, weightParts) }
  /// The memory of the weights: a word for each cycle of a column's computing, or of two rounds where they are streamed,
  /// one that is used and one that is fetched; `nil` where nothing is multiplied.
  package var weightMemory: MemoryShape? {
    isPooling ? nil : MemoryShape(depth: weightDepth, width: weightWidth)
  }
  private var weightDepth: Int {
    guard isWeightStationary else { return multiplyCyclesPerColumn }
    let round = kernel.groups.indices.map(cyclesPerRound(ofGroup:)).max() ?? 1
    // With one column each word is used once.
    return kernel.columns == 1 ? min(2 * round, Self.weightQueue) : 2 * round
  }
  /// Words of weights that are used once, between memory and unit.
  private static let weightQueue = 64
  /// The memory of untied biases on the chip: a word for each transfer of the output.
  package var biasMemory: MemoryShape? {
    isUntied && !hasExternalBiases
      ? MemoryShape(depth: outputTransfersPerFrame, width: configuration.lanes * biasBits) : nil
  }
  /// Whether they come from external memory.
  package var hasExternalBiases: Bool { isUntied && configuration.biasStore == .external }
  /// Bits that hold every bias of the layer, with the correction for the input's zero point.
  package var biasBits: Int {
    min(layer.accumulatorBits, signedBitsFor(Int(layer.biasRange.lowerBound)...Int(layer.biasRange.upperBound)))
  }

  /// Whether a word of external memory has room for the biases of a transfer, where they come from there.
  package var biasesFitWord: Bool {
    !hasExternalBiases || configuration.lanes * biasBits <= MemoryLayout.wordWidth
  }

  /// What the stage takes from external memory: untied biases, once a frame; weights, for each group of rows or once
  /// for all.
  package var memoryStreams: [MemoryStream] {
    var streams: [MemoryStream] = []
    if hasExternalBiases {
      streams.append(
        MemoryStream(
          content: .bias, elementWidth: configuration.lanes * biasBits, elements: outputTransfersPerFrame,
          passesPerFrame: 1))
    }
    if hasExternalWeights {
      streams.append(
        MemoryStream(
          content: .weight, elementWidth: weightPartWidth, elements: multiplyCyclesPerColumn * weightParts,
          passesPerFrame: isWeightStationary ? rowGroups : 0))
    }
    return streams
  }

  /// Words of external memory that a frame takes.
  public var memoryWordsPerFrame: Int { memoryStreams.reduce(0) { $0 + $1.wordsPerFrame } }

  /// Cycles from one word of a stream to the next at the least, if the stage alone sets the pace: those of the transfers
  /// that a word has, or of a frame's words on average where the last one has fewer.
  package func interval(of stream: MemoryStream) -> Int {
    // At the pace of a whole row group, since the last one may have fewer results in the same time.
    let rows = min(configuration.h, kernel.rows)
    switch stream.content {
    case .bias:
      let transfers = MemoryLayout.wordWidth / stream.elementWidth
      let cycles = isWeightStationary ? cyclesPerRowGroup(ofRows: rows) / kernel.columns : cyclesPerColumn(ofRows: rows)
      return max(1, min(transfers * cycles / transfersPerColumn(ofRows: rows), computeCycles / stream.words))
    case .weight:
      // Weights that are kept come when they come.
      return isWeightStationary ? max(1, cyclesPerRowGroup(ofRows: rows) / stream.words) : MemoryLayout.slowInterval
    }
  }

  /// The elements of a stream, each in its place.
  func elements(of stream: MemoryStream) -> [BitVector] {
    stream.content == .bias ? biasWords : WeightWords(self).parts
  }

  /// The untied biases, a word for each transfer of the output; the first lane is the lowest.
  var biasWords: [BitVector] {
    let (biases, bits) = (layer.foldedBias.values, biasBits)
    return outputOrder.indices.map { transfer in
      .concatenating(
        transfer.reversed().map { BitVector(truncating: $0 < 0 ? 0 : Int(biases[$0]), width: bits) })
    }
  }

  // MARK: Links

  /// The name of an input's stream.
  func inputName(_ index: Int) -> String { inputOrders.count == 1 ? "input" : "input\(index)" }

  /// What a transfer of an input carries.
  func inputPayload(_ index: Int) -> Shape<Vector<Signed>> {
    .vector(inputOrders[index].lanes, of: .signed(layer.inputBits))
  }
  /// What a transfer of the output carries.
  var outputPayload: Shape<Vector<Signed>> { .vector(configuration.lanes, of: .signed(layer.outputBits)) }
  /// What a transfer of weights from external memory carries: a part of those of a cycle.
  var weightPayload: Shape<Bits> { .bits(weightPartWidth) }
  /// What a transfer of the untied biases carries.
  var biasPayload: Shape<Vector<Signed>> { .vector(configuration.lanes, of: .signed(biasBits)) }
}

extension QuantizedLayer {
  /// Whether the layer is a max pooling.
  package var isPooling: Bool { reduction == .maximum }
  /// Whether each element of the output has a bias of its own.
  package var isUntied: Bool { if case .perPixel = bias { true } else { false } }
}

/// `a / b` rounded up, for positive numbers.
package func ceilingDivide(_ a: Int, _ b: Int) -> Int { (a + b - 1) / b }

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
