/// Nearest-neighbour upsampling by whole factors: row y, column x of the larger map is row
/// y / vertical, column x / horizontal of the smaller one.
public struct Upsampling: Hashable, Sendable, Codable {
  /// Rows for each source row, 1 or more.
  public var vertical: Int
  /// Columns for each source column, 1 or more.
  public var horizontal: Int

  /// Creates the factors; 1 and 1 leave a map as it is.
  public init(vertical: Int, horizontal: Int) {
    self.vertical = vertical
    self.horizontal = horizontal
  }

  /// No upsampling.
  public static let none = Upsampling(vertical: 1, horizontal: 1)
}

/// Rows and columns that a convolution adds around its map, each side for itself.
public struct Padding: Hashable, Sendable, Codable {
  /// Rows above the map.
  public var top: Int
  /// Columns before it.
  public var left: Int
  /// Rows below it.
  public var bottom: Int
  /// Columns after it.
  public var right: Int

  /// Creates a padding of the given rows and columns.
  public init(top: Int, left: Int, bottom: Int, right: Int) {
    self.top = top
    self.left = left
    self.bottom = bottom
    self.right = right
  }

  /// The same number of rows and columns on every side.
  public init(_ all: Int) { self.init(top: all, left: all, bottom: all, right: all) }
}

/// Where a convolution reads and how its window moves.
public struct ConvolutionWindow: Hashable, Sendable, Codable {
  /// Rows of the window.
  public var kernelHeight: Int
  /// Columns of the window.
  public var kernelWidth: Int
  /// Rows from one window to the next.
  public var strideVertical: Int
  /// Columns from one window to the next.
  public var strideHorizontal: Int
  /// Added around the upsampled map.
  public var padding: Padding

  /// Creates a window; its step is 1 and nothing is padded unless told otherwise.
  public init(
    kernelHeight: Int, kernelWidth: Int, strideVertical: Int = 1, strideHorizontal: Int = 1,
    padding: Padding = Padding(0)
  ) {
    self.kernelHeight = kernelHeight
    self.kernelWidth = kernelWidth
    self.strideVertical = strideVertical
    self.strideHorizontal = strideHorizontal
    self.padding = padding
  }

  /// The window of one element.
  public static let pointwise = ConvolutionWindow(kernelHeight: 1, kernelWidth: 1)

  /// Height and width of the result on a map of the given size; below 1 where the window does not
  /// fit.
  public func outputSize(height: Int, width: Int) -> (height: Int, width: Int) {
    let rows = height + padding.top + padding.bottom - kernelHeight
    let columns = width + padding.left + padding.right - kernelWidth
    return (
      rows < 0 ? 0 : rows / strideVertical + 1, columns < 0 ? 0 : columns / strideHorizontal + 1
    )
  }
}
