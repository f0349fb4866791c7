/// A layer in the form that runs fast: for each output channel the taps whose weights are not 0.
///
/// A tap is one position of the kernel in one input channel. Each source row is laid out once with
/// its upsampled columns and its padding, one run of columns for each phase of the stride, so that
/// every tap reads a contiguous run for a whole output row.
struct PreparedLayer: Sendable {
  private let layer: QuantizedLayer
  private let initial: Bias
  /// Taps of all output channels, one channel after the other.
  private let taps: [Int32]
  private let weights: [Int16]
  private let wideWeights: [Int32]
  private let starts: [Int]
  private let isNarrow: Bool

  init(_ layer: QuantizedLayer) {
    self.layer = layer
    initial = layer.foldedBias
    let count = layer.weights.count / max(layer.outputShape.channels, 1)
    var taps: [Int32] = []
    var weights: [Int32] = []
    var starts = [0]
    for channel in 0..<layer.outputShape.channels {
      for tap in 0..<count where layer.weights[channel * count + tap] != 0 {
        taps.append(Int32(tap))
        weights.append(layer.weights[channel * count + tap])
      }
      starts.append(taps.count)
    }
    self.taps = taps
    self.starts = starts
    isNarrow = layer.accumulatorBits <= 32 && weights.allSatisfy { Int16(exactly: $0) != nil }
    self.weights = isNarrow ? weights.map { Int16(truncatingIfNeeded: $0) } : []
    wideWeights = isNarrow ? [] : weights
  }

  /// The layer's result for one map of codes.
  func run(_ codes: [Int32]) -> [Int32] {
    let rows = SourceRows(codes, of: layer)
    let output = layer.outputShape
    let tapCount = layer.inputShape.channels * layer.kernelHeight * layer.kernelWidth
    return Array(unsafeUninitializedCapacity: output.count) { results, initialized in
      rows.values.withUnsafeBufferPointer { values in
        withUnsafeTemporaryAllocation(of: Int.self, capacity: tapCount) { places in
          for row in 0..<output.height {
            var tap = 0
            for channel in 0..<layer.inputShape.channels {
              for kernelRow in 0..<layer.kernelHeight {
                let start = rows.start(channel: channel, outputRow: row, kernelRow: kernelRow)
                for kernelColumn in 0..<layer.kernelWidth {
                  places[tap] = start + rows.offset(kernelColumn: kernelColumn)
                  tap += 1
                }
              }
            }
            if isNarrow {
              compute(row, values, places, weights, as: Int32.self, into: results)
            } else {
              compute(row, values, places, wideWeights, as: Int64.self, into: results)
            }
          }
        }
      }
      initialized = output.count
    }
  }

  /// One row of every output channel.
  @inline(__always)
  private func compute<Weight: FixedWidthInteger, Sum: FixedWidthInteger>(
    _ row: Int, _ values: UnsafeBufferPointer<Int16>, _ places: UnsafeMutableBufferPointer<Int>,
    _ weights: [Weight], as _: Sum.Type, into results: UnsafeMutableBufferPointer<Int32>
  ) {
    let output = layer.outputShape
    guard let base = values.baseAddress, output.width > 0 else { return }
    withUnsafeTemporaryAllocation(of: Sum.self, capacity: output.width) { sums in
      guard let sum = sums.baseAddress else { return }
      for channel in 0..<output.channels {
        let first = (channel * output.height + row) * output.width
        switch initial {
        case .perChannel(let biases):
          sums.initialize(repeating: Sum(truncatingIfNeeded: biases[channel]))
        case .perPixel(let biases):
          for column in 0..<output.width {
            sum[column] = Sum(truncatingIfNeeded: biases[first + column])
          }
        }
        var tap = starts[channel]
        let end = starts[channel + 1]
        while tap + 4 <= end {
          let a = base + places[Int(taps[tap])]
          let b = base + places[Int(taps[tap + 1])]
          let c = base + places[Int(taps[tap + 2])]
          let d = base + places[Int(taps[tap + 3])]
          let wa = Sum(truncatingIfNeeded: weights[tap])
          let wb = Sum(truncatingIfNeeded: weights[tap + 1])
          let wc = Sum(truncatingIfNeeded: weights[tap + 2])
          let wd = Sum(truncatingIfNeeded: weights[tap + 3])
          for column in 0..<output.width {
            let first =
              Sum(truncatingIfNeeded: a[column]) &* wa &+ Sum(truncatingIfNeeded: b[column]) &* wb
            let second =
              Sum(truncatingIfNeeded: c[column]) &* wc &+ Sum(truncatingIfNeeded: d[column]) &* wd
            sum[column] = sum[column] &+ (first &+ second)
          }
          tap += 4
        }
        while tap < end {
          let a = base + places[Int(taps[tap])]
          let wa = Sum(truncatingIfNeeded: weights[tap])
          for column in 0..<output.width {
            sum[column] = sum[column] &+ Sum(truncatingIfNeeded: a[column]) &* wa
          }
          tap += 1
        }
        requantize(sum, channel, to: results, at: first)
      }
    }
  }

  @inline(__always)
  private func requantize<Sum: FixedWidthInteger>(
    _ sums: UnsafeMutablePointer<Sum>, _ channel: Int,
    to results: UnsafeMutableBufferPointer<Int32>, at first: Int
  ) {
    let factors = layer.requantization[channel]
    let zeroPoint = Int64(layer.outputZeroPoint)
    let lowest = Int64(layer.clamp.lowerBound)
    let highest = Int64(layer.clamp.upperBound)
    let lowestCode = layer.convolutionQuantization.codes.lowerBound
    for column in 0..<layer.outputShape.width {
      let sum = Int64(truncatingIfNeeded: sums[column])
      let factor = sum < 0 ? factors.negative : factors.positive
      var code = Int(min(max(factor(sum) + zeroPoint, lowest), highest))
      if let table = layer.table { code = table[code - lowestCode] }
      results[first + column] = Int32(code)
    }
  }
}

/// The rows of a layer's source, laid out for its window.
private struct SourceRows {
  let values: [Int16]
  private let layer: QuantizedLayer
  private let runLength: Int
  private let rowLength: Int
  /// Start of the row of zero points that stands for padding.
  private let paddingRow: Int

  init(_ codes: [Int32], of layer: QuantizedLayer) {
    let window = layer.window
    let shape = layer.inputShape
    let width = layer.upsampledShape.width
    let padded = window.padding.left + width + window.padding.right
    let stride = window.strideHorizontal
    let runLength = (padded + stride - 1) / stride
    let rowLength = runLength * stride
    let rows = shape.channels * shape.height
    let zero = Int16(layer.inputZeroPoint)
    var values = Array(repeating: zero, count: (rows + 1) * rowLength)
    values.withUnsafeMutableBufferPointer { values in
      codes.withUnsafeBufferPointer { codes in
        for row in 0..<rows {
          for column in 0..<width {
            let place = column + window.padding.left
            values[row * rowLength + place % stride * runLength + place / stride] = Int16(
              truncatingIfNeeded: codes[row * shape.width + column / layer.upsampling.horizontal])
          }
        }
      }
    }
    self.values = values
    self.layer = layer
    self.runLength = runLength
    self.rowLength = rowLength
    paddingRow = rows * rowLength
  }

  func start(channel: Int, outputRow: Int, kernelRow: Int) -> Int {
    let row = outputRow * layer.strideVertical + kernelRow - layer.padding.top
    guard (0..<layer.upsampledShape.height).contains(row) else { return paddingRow }
    return (channel * layer.inputShape.height + row / layer.upsampling.vertical) * rowLength
  }

  func offset(kernelColumn: Int) -> Int {
    kernelColumn % layer.strideHorizontal * runLength + kernelColumn / layer.strideHorizontal
  }
}
