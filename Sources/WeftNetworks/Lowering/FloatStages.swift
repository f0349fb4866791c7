/// Computes stages in float32, for calibration.
struct FloatStages {
  private let graph: StageGraph
  private let tables: [TapTable<Float>]
  private let biases: [[[Float]]]

  init(_ graph: StageGraph) {
    self.graph = graph
    tables = graph.stages.map { stage in
      TapTable(stage.reduction == .sum ? stage.realWeights : [], channels: stage.outputShape.channels) { $0 }
    }
    biases = graph.stages.map { stage in stage.biases.map(\.reals) }
  }

  /// The results of all stages for one frame.
  ///
  /// - Parameter visit: is given the index of a stage and its result; results that no later stage
  ///   needs are not kept.
  func run(_ inputs: [[Float]], visit: (Int, [Float]) -> Void) {
    var readers = Array(repeating: 0, count: graph.stages.count)
    for part in graph.stages.flatMap(\.parts) { if case .stage(let index) = part.source { readers[index] += 1 } }
    var maps: [[Float]] = []
    for (index, stage) in graph.stages.enumerated() {
      let read = stage.parts.map { part in
        switch part.source {
        case .input(let source): inputs[source]
        case .stage(let source): maps[source]
        }
      }
      maps.append(run(index, read.count == 1 ? read[0] : Array(read.joined())))
      for case .stage(let source) in stage.parts.map(\.source) {
        readers[source] -= 1
        if readers[source] == 0 { maps[source] = [] }
      }
      visit(index, maps[index])
    }
  }

  private func run(_ index: Int, _ map: [Float]) -> [Float] {
    let stage = graph.stages[index]
    let rows = WindowRows(
      map, shape: stage.inputShape, upsampling: stage.upsampling, window: stage.window,
      padding: stage.reduction == .maximum ? -Float.infinity : 0
    ) { $0 }
    if stage.reduction == .maximum { return rows.maxima(outputShape: stage.outputShape) }
    let output = stage.outputShape
    let tapCount =
      stage.inputShape.channels * stage.window.kernelHeight * stage.window.kernelWidth
    return Array(unsafeUninitializedCapacity: output.count) { results, initialized in
      rows.values.withUnsafeBufferPointer { values in
        withUnsafeTemporaryAllocation(of: Int.self, capacity: tapCount) { places in
          guard let elements = values.baseAddress else { return }
          for row in 0..<output.height {
            rows.locate(outputRow: row, into: places)
            for channel in 0..<output.channels {
              let first = (channel * output.height + row) * output.width
              let sums = UnsafeMutableBufferPointer(
                rebasing: results[first..<first + output.width])
              sums.initialize(repeating: 0)
              tables[index].accumulate(
                FloatArithmetic.self, channel: channel, elements, places, into: sums)
              finish(sums, index, channel, first)
            }
          }
        }
      }
      initialized = output.count
    }
  }

  private func finish(
    _ sums: UnsafeMutableBufferPointer<Float>, _ index: Int, _ channel: Int, _ first: Int
  ) {
    let stage = graph.stages[index]
    let channels = stage.outputShape.channels
    for bias in biases[index] {
      for column in sums.indices {
        sums[column] +=
          bias.count == 1 ? bias[0] : bias.count == channels ? bias[channel] : bias[first + column]
      }
    }
    let slope = stage.slopes?[channel] ?? 1
    let limits = stage.clip ?? -Float.infinity...Float.infinity
    for column in sums.indices {
      let value = sums[column] < 0 ? sums[column] * slope : sums[column]
      sums[column] = min(max(value, limits.lowerBound), limits.upperBound)
    }
  }
}

extension Stage {
  /// The weights as float32; the identity matrix for a stage that passes its channels on, one beside the other where it
  /// adds several maps.
  var realWeights: [Float] {
    if let weights { return weights.reals }
    let (inputs, outputs) = (inputShape.channels, outputShape.channels)
    return (0..<outputs * inputs).map { $0 / inputs == $0 % inputs % outputs ? 1 : 0 }
  }
}
