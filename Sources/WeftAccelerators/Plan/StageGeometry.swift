import Weft
import WeftNetworks

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
  /// Rows of results of the last of these groups.
  var rowsInLastGroup: Int { kernel.rows - (rowGroups - 1) * configuration.h }
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
    rowGroups * rowGroupGap
      + (isWeightStationary
        ? sumOfParts(of: kernel.rows, configuration.h, cyclesPerRowGroup(ofRows:))
        : kernel.columns * sumOfParts(of: kernel.rows, configuration.h, cyclesPerColumn(ofRows:)))
  }

  /// Cycles of a group of so many rows where the rounds come one after the other.
  func cyclesPerRowGroup(ofRows rows: Int) -> Int {
    rounds.reduce(0) { cycles, round in
      let computing = cyclesPerRound(ofGroup: round.group)
      let column = max(computing, transfers(of: round.count, rows: rows))
      return cycles + max(kernel.columns * column, computing * weightParts)
    }
  }

  /// Cycles of a column of a group of so many rows: results are held while those of the round before are passed on.
  func cyclesPerColumn(ofRows rows: Int) -> Int {
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
    let cycles = isWeightStationary ? cyclesPerRowGroup(ofRows:) : cyclesPerColumn(ofRows:)
    return Pace(groups: rowGroups, whole: cycles(configuration.h), last: cycles(rowsInLastGroup))
  }

  /// Cycles from the last operands of a row group to its last transfer, and on to the line buffer of the next stage:
  /// the pipeline's, and those in which the results of the last round are passed on.
  var latency: Int {
    let last = results(ofGroup: kernel.groups.count - 1) % configuration.kpf
    return (isDeep ? 64 : 32) + transfers(of: last == 0 ? configuration.kpf : last, rows: configuration.h)
  }

  /// Transfers of a frame of the output.
  package var outputTransfersPerFrame: Int {
    kernel.columns * sumOfParts(of: kernel.rows, configuration.h, transfersPerColumn(ofRows:))
  }

  func transfersPerColumn(ofRows rows: Int) -> Int {
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

  // MARK: Links

  /// The name of an input's stream.
  func inputName(_ index: Int) -> String { inputOrders.count == 1 ? "input" : "input\(index)" }

  /// What a transfer of an input carries.
  func inputPayload(_ index: Int) -> Shape<Vector<Signed>> {
    .vector(inputOrders[index].lanes, of: .signed(layer.inputBits))
  }
  /// What the engines give at once: for each of them, one sum for each output channel.
  var resultPayload: Shape<Vector<Vector<Signed>>> {
    .vector(configuration.h, of: .vector(configuration.kpf, of: .signed(layer.accumulatorBits)))
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
