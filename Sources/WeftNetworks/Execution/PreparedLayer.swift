/// A quantised layer in the form that runs fast.
struct PreparedLayer: Sendable {
  /// Sums of 32 bits where they suffice.
  private enum Taps: Sendable {
    case narrow(TapTable<Int16>)
    case wide(TapTable<Int32>)
    /// Max pooling, which has no weights.
    case none
  }

  private let layer: QuantizedLayer
  private let initial: Bias
  private let taps: Taps

  init(_ layer: QuantizedLayer) {
    self.layer = layer
    initial = layer.foldedBias
    let channels = layer.outputShape.channels
    let isNarrow =
      layer.accumulatorBits <= 32 && layer.weights.allSatisfy { Int16(exactly: $0) != nil }
    taps =
      layer.reduction == .maximum
      ? .none
      : isNarrow
      ? .narrow(
        TapTable(layer.weights, channels: channels) { Int16(truncatingIfNeeded: $0) })
      : .wide(TapTable(layer.weights, channels: channels) { $0 })
  }

  /// The layer's result for one map of codes.
  func run(_ codes: [Int32]) -> [Int32] {
    // Nothing is less than what pads a max pooling.
    let padding = layer.reduction == .maximum ? Int16.min : Int16(truncatingIfNeeded: layer.inputZeroPoint)
    let rows = WindowRows(
      codes, shape: layer.inputShape, upsampling: layer.upsampling, window: layer.window, padding: padding
    ) { Int16(truncatingIfNeeded: $0) }
    return switch taps {
    case .narrow(let table): run(rows, table, NarrowArithmetic.self)
    case .wide(let table): run(rows, table, WideArithmetic.self)
    case .none: rows.maxima(outputShape: layer.outputShape).map { Int32($0) }
    }
  }

  @inline(__always)
  private func run<Arithmetic: RowArithmetic>(
    _ rows: WindowRows<Int16>, _ table: TapTable<Arithmetic.Weight>, _: Arithmetic.Type
  ) -> [Int32] where Arithmetic.Element == Int16, Arithmetic.Sum: FixedWidthInteger {
    let output = layer.outputShape
    let tapCount = layer.inputShape.channels * layer.kernelHeight * layer.kernelWidth
    return Array(unsafeUninitializedCapacity: output.count) { results, initialized in
      rows.values.withUnsafeBufferPointer { values in
        withUnsafeTemporaryAllocation(of: Int.self, capacity: tapCount) { places in
          withUnsafeTemporaryAllocation(of: Arithmetic.Sum.self, capacity: output.width) { sums in
            guard let elements = values.baseAddress else { return }
            for row in 0..<output.height {
              rows.locate(outputRow: row, into: places)
              for channel in 0..<output.channels {
                let first = (channel * output.height + row) * output.width
                initialize(sums, channel: channel, at: first)
                table.accumulate(
                  Arithmetic.self, channel: channel, elements, places, into: sums)
                requantize(sums, channel: channel, to: results, at: first)
              }
            }
          }
        }
      }
      initialized = output.count
    }
  }

  @inline(__always)
  private func initialize<Sum: FixedWidthInteger>(
    _ sums: UnsafeMutableBufferPointer<Sum>, channel: Int, at first: Int
  ) {
    switch initial {
    case .perChannel(let biases):
      sums.initialize(repeating: Sum(truncatingIfNeeded: biases[channel]))
    case .perPixel(let biases):
      for column in 0..<sums.count {
        sums.initializeElement(at: column, to: Sum(truncatingIfNeeded: biases[first + column]))
      }
    }
  }

  @inline(__always)
  private func requantize<Sum: FixedWidthInteger>(
    _ sums: UnsafeMutableBufferPointer<Sum>, channel: Int,
    to results: UnsafeMutableBufferPointer<Int32>, at first: Int
  ) {
    let factors = layer.requantization[channel]
    let zeroPoint = Int64(layer.outputZeroPoint)
    let lowest = Int64(layer.clamp.lowerBound) - zeroPoint
    let highest = Int64(layer.clamp.upperBound) - zeroPoint
    let lowestCode = layer.convolutionQuantization.codes.lowerBound
    for column in 0..<sums.count {
      let sum = Int64(truncatingIfNeeded: sums[column])
      let factor = sum < 0 ? factors.negative : factors.positive
      var code = Int(min(max(factor(sum), lowest), highest) + zeroPoint)
      if let table = layer.table { code = table[code - lowestCode] }
      results.initializeElement(at: first + column, to: Int32(code))
    }
  }
}
