/// The shape of one frame's feature map: channels x height x width. The batch is a count of frames
/// and no part of a shape.
public struct MapShape: Hashable, Sendable, Codable, CustomStringConvertible {
  /// Number of channels.
  public var channels: Int
  /// Number of rows.
  public var height: Int
  /// Number of columns.
  public var width: Int

  /// Creates a shape of `channels` x `height` x `width` elements.
  public init(channels: Int, height: Int, width: Int) {
    self.channels = channels
    self.height = height
    self.width = width
  }

  /// Number of elements of one frame.
  public var count: Int { channels * height * width }

  /// For instance `24x32x32`.
  public var description: String { "\(channels)x\(height)x\(width)" }
}
