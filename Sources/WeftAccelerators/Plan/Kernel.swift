import WeftNetworks

/// The convolution that a unit runs: the layer's own, whose input is upsampled as it is read, or the one on the map
/// before upsampling that gives all phases of a pixel.
///
/// Nearest upsampling by f followed by a convolution has f x f phases: each result of one phase reads the same few
/// source elements with the same sums of weights. A 5 x 5 kernel after upsampling by 2 is four kernels of 3 x 3 on the
/// source, 36 instead of 100 multiplications; the weights grow by the bits that their sums need. It is exact in
/// integers, at padded borders too.
public struct Kernel: Hashable, Sendable {
  /// One place of a result among those of its pixel.
  public struct Phase: Hashable, Sendable {
    /// The row and the column among the pixel's results.
    public var row, column: Int
  }

  /// Phases that read the same part of the window.
  public struct Group: Hashable, Sendable {
    /// The rows and the columns of the window that the phases read.
    public var rows, columns: Range<Int>
    /// The phases, row by row.
    public var phases: [Phase]
  }

  /// Applied to the input as it is read.
  public let upsampling: Upsampling
  /// The window that holds what all phases read, and its padding.
  public let window: ConvolutionWindow
  /// Rows and columns of results, each of all phases.
  public let rows, columns: Int
  /// Rows and columns of a pixel's results, copies among them.
  public let verticalPhases, horizontalPhases: Int
  /// All phases that are computed, those together that read the same.
  public let groups: [Group]
  /// Where a result belongs, counted from its phase: a window of one element after upsampling gives the same result for
  /// all phases, which is computed once and copied.
  public let copies: [Phase]
  /// Bits of a weight.
  public let weightBits: Int

  private let layer: QuantizedLayer

  /// The kernel of a layer as it is written.
  package init(_ layer: QuantizedLayer) {
    self.layer = layer
    upsampling = layer.upsampling
    window = layer.window
    (rows, columns) = (layer.outputShape.height, layer.outputShape.width)
    (verticalPhases, horizontalPhases) = (1, 1)
    groups = [
      Group(rows: 0..<window.kernelHeight, columns: 0..<window.kernelWidth, phases: [Phase(row: 0, column: 0)])
    ]
    copies = [Phase(row: 0, column: 0)]
    weightBits = layer.weightBits
  }

  /// The kernel of all phases of a layer.
  ///
  /// - Precondition: ``canDecompose(_:)``.
  package init(decomposing layer: QuantizedLayer) {
    precondition(Self.canDecompose(layer), "only upsampling before a convolution that keeps the size has phases")
    self.layer = layer
    let factor = layer.upsampling
    let (padding, kernel) = (layer.padding, layer.window)
    let vertical = Self.spans(phases: factor.vertical, taps: kernel.kernelHeight, padding: padding.top)
    let horizontal = Self.spans(phases: factor.horizontal, taps: kernel.kernelWidth, padding: padding.left)
    let (top, left) = (vertical[0].lowerBound, horizontal[0].lowerBound)
    let height = vertical[vertical.count - 1].upperBound - top
    let width = horizontal[horizontal.count - 1].upperBound - left
    upsampling = .none
    // Nothing of the window lies below the last row of the first phases, so that the padding fits the size.
    window = ConvolutionWindow(
      kernelHeight: height, kernelWidth: width,
      padding: Padding(top: -top, left: -left, bottom: height - 1 + top, right: width - 1 + left))
    (rows, columns) = (layer.inputShape.height, layer.inputShape.width)
    (verticalPhases, horizontalPhases) = (factor.vertical, factor.horizontal)
    // An untied bias makes a difference between phases that read the same.
    let copiesRows = kernel.kernelHeight == 1 && !layer.isUntied
    let copiesColumns = kernel.kernelWidth == 1 && !layer.isUntied
    copies = (0..<(copiesRows ? factor.vertical : 1)).flatMap { row in
      (0..<(copiesColumns ? factor.horizontal : 1)).map { Phase(row: row, column: $0) }
    }
    var groups: [Group] = []
    for (row, rows) in vertical.prefix(copiesRows ? 1 : factor.vertical).enumerated() {
      for (column, columns) in horizontal.prefix(copiesColumns ? 1 : factor.horizontal).enumerated() {
        let rows = rows.lowerBound - top..<rows.upperBound - top
        let columns = columns.lowerBound - left..<columns.upperBound - left
        let phase = Phase(row: row, column: column)
        if let known = groups.firstIndex(where: { $0.rows == rows && $0.columns == columns }) {
          groups[known].phases.append(phase)
        } else {
          groups.append(Group(rows: rows, columns: columns, phases: [phase]))
        }
      }
    }
    self.groups = groups
    let most =
      Self.mostSummed(phases: factor.vertical, taps: kernel.kernelHeight, padding: padding.top)
      * Self.mostSummed(phases: factor.horizontal, taps: kernel.kernelWidth, padding: padding.left)
    weightBits = layer.weightBits + (most == 1 ? 0 : bitsFor(most - 1))
  }

  /// Whether a layer has phases: a convolution with a step of 1 that keeps the size of its upsampled map.
  public static func canDecompose(_ layer: QuantizedLayer) -> Bool {
    layer.upsampling != .none && layer.reduction == .sum && layer.strideVertical == 1 && layer.strideHorizontal == 1
      && layer.outputShape.height == layer.upsampledShape.height
      && layer.outputShape.width == layer.upsampledShape.width
  }

  /// For each phase the source elements that its taps read, counted from the phase's own.
  private static func spans(phases: Int, taps: Int, padding: Int) -> [Range<Int>] {
    (0..<phases).map { phase in
      floorDivide(phase - padding, phases).0..<floorDivide(phase - padding + taps - 1, phases).0 + 1
    }
  }

  /// The most taps of one phase that read one source element.
  private static func mostSummed(phases: Int, taps: Int, padding: Int) -> Int {
    (0..<phases).map { phase in
      let places = (0..<taps).map { floorDivide(phase - padding + $0, phases).0 }
      return Dictionary(grouping: places) { $0 }.values.map(\.count).max() ?? 1
    }.max() ?? 1
  }

  /// The least and the greatest weight, sums for phases among them.
  package var weightRange: ClosedRange<Int> {
    guard verticalPhases * horizontalPhases > 1 else {
      return Int(min(0, layer.weights.min() ?? 0))...Int(max(0, layer.weights.max() ?? 0))
    }
    var range = 0...0
    for group in groups {
      for phase in group.phases {
        for weight in weights(of: phase, in: group) {
          range = min(range.lowerBound, weight)...max(range.upperBound, weight)
        }
      }
    }
    return range
  }

  /// Multiplications of a frame: zero-padded positions count, comparisons do not.
  public var macs: Int { layer.isPooling ? 0 : operations * layer.inputShape.channels }

  /// Multiplications of a frame for each input channel, or comparisons.
  package var operations: Int {
    let taps = groups.reduce(0) { $0 + $1.rows.count * $1.columns.count * $1.phases.count }
    return taps * rows * columns * layer.outputShape.channels
  }

  /// The weights of one phase: output channel x input channel x row x column of the part of the window that its group
  /// reads. The group is one of ``groups``, the phase one of the group's.
  public func weights(of phase: Phase, in group: Group) -> [Int] {
    let (height, width) = (layer.kernelHeight, layer.kernelWidth)
    let (rows, columns) = (group.rows.count, group.columns.count)
    let isDecomposed = verticalPhases * horizontalPhases > 1
    /// Where each tap's element lies in the part.
    func places(_ taps: Int, _ phase: Int, _ phases: Int, _ padding: Int) -> [Int] {
      let first = floorDivide(phase - padding, phases).0
      return (0..<taps).map { isDecomposed ? floorDivide(phase - padding + $0, phases).0 - first : $0 }
    }
    let rowPlaces = places(height, phase.row, verticalPhases, layer.padding.top)
    let columnPlaces = places(width, phase.column, horizontalPhases, layer.padding.left)
    var result = [Int](repeating: 0, count: layer.outputShape.channels * layer.inputShape.channels * rows * columns)
    for pair in 0..<layer.outputShape.channels * layer.inputShape.channels {
      for row in 0..<height {
        for column in 0..<width {
          result[(pair * rows + rowPlaces[row]) * columns + columnPlaces[column]] +=
            Int(layer.weights[(pair * height + row) * width + column])
        }
      }
    }
    return result
  }
}
