/// The rows of a convolution's source, laid out for its window: each with its upsampled columns and
/// its padding, one run of columns for each phase of the stride, so that every tap of the kernel
/// reads a contiguous run for a whole output row.
struct WindowRows<Element> {
  let values: [Element]
  private let shape: MapShape
  private let upsampling: Upsampling
  private let window: ConvolutionWindow
  private let runLength: Int
  private let rowLength: Int

  /// Lays out a map.
  ///
  /// - Parameter padding: the element that stands in the padding.
  init<Source>(
    _ source: [Source], shape: MapShape, upsampling: Upsampling, window: ConvolutionWindow,
    padding: Element, element: (Source) -> Element
  ) {
    let width = shape.width * upsampling.horizontal
    let padded = window.padding.left + width + window.padding.right
    let stride = window.strideHorizontal
    let runLength = (padded + stride - 1) / stride
    let rowLength = runLength * stride
    let rows = shape.channels * shape.height
    // The last row stands for rows of padding.
    var values = Array(repeating: padding, count: (rows + 1) * rowLength)
    values.withUnsafeMutableBufferPointer { values in
      source.withUnsafeBufferPointer { source in
        for row in 0..<rows {
          for column in 0..<width {
            let place = column + window.padding.left
            values[row * rowLength + place % stride * runLength + place / stride] = element(
              source[row * shape.width + column / upsampling.horizontal])
          }
        }
      }
    }
    self.values = values
    self.shape = shape
    self.upsampling = upsampling
    self.window = window
    self.runLength = runLength
    self.rowLength = rowLength
  }

  /// Where each tap's run begins for one output row, in input channel, kernel row, kernel column
  /// order.
  func locate(outputRow: Int, into places: UnsafeMutableBufferPointer<Int>) {
    var tap = 0
    for channel in 0..<shape.channels {
      for kernelRow in 0..<window.kernelHeight {
        let row = outputRow * window.strideVertical + kernelRow - window.padding.top
        let isPadding = !(0..<shape.height * upsampling.vertical).contains(row)
        let start =
          (isPadding
            ? shape.channels * shape.height
            : channel * shape.height + row / upsampling.vertical) * rowLength
        for kernelColumn in 0..<window.kernelWidth {
          places[tap] =
            start + kernelColumn % window.strideHorizontal * runLength
            + kernelColumn / window.strideHorizontal
          tap += 1
        }
      }
    }
  }

  /// The greatest element of every window of every channel.
  func maxima(outputShape: MapShape) -> [Element] where Element: Comparable {
    let taps = window.kernelHeight * window.kernelWidth
    return values.withUnsafeBufferPointer { values in
      withUnsafeTemporaryAllocation(of: Int.self, capacity: shape.channels * taps) { places in
        var results: [Element] = []
        results.reserveCapacity(outputShape.count)
        // Rows are located for all channels together, but results are in channel order.
        var starts: [Int] = []
        for row in 0..<outputShape.height {
          locate(outputRow: row, into: places)
          starts += places
        }
        for channel in 0..<shape.channels {
          for row in 0..<outputShape.height {
            let first = (row * shape.channels + channel) * taps
            for column in 0..<outputShape.width {
              var greatest = values[starts[first] + column]
              for tap in 1..<max(taps, 1) { greatest = max(greatest, values[starts[first + tap] + column]) }
              results.append(greatest)
            }
          }
        }
        return results
      }
    }
  }
}
