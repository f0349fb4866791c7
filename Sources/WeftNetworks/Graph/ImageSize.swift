/// The height and width of a map.
public struct ImageSize: Hashable, Sendable {
  /// Rows and columns.
  public var height, width: Int

  /// A size.
  public init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }
}
