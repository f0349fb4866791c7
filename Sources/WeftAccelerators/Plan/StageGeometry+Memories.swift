import Weft
import WeftNetworks

/// Where a stage has its weights and its biases, and what it takes of them from external memory.
extension StageGeometry {
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
    switch stream.content {
    case .bias:
      // At the pace of a whole row group, since the last one may have fewer results in the same time.
      let rows = min(configuration.h, kernel.rows)
      let transfers = MemoryLayout.wordWidth / stream.elementWidth
      let cycles = isWeightStationary ? cyclesPerRowGroup(ofRows: rows) / kernel.columns : cyclesPerColumn(ofRows: rows)
      return max(1, min(transfers * cycles / transfersPerColumn(ofRows: rows), computeCycles / stream.words))
    case .weight:
      // Weights that are kept come when they come. The last row group may take less time for as many.
      return isWeightStationary
        ? max(1, cyclesPerRowGroup(ofRows: rowsInLastGroup) / stream.words) : MemoryLayout.slowInterval
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
}
