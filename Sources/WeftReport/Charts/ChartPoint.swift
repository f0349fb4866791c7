/// A value over another.
public struct ChartPoint: Hashable, Sendable {
  /// The values along the axes.
  public var x, y: Double
  /// What shows where the pointer rests on it.
  public var title: String

  /// A point.
  public init(x: Double, y: Double, title: String) {
    self.x = x
    self.y = y
    self.title = title
  }
}
