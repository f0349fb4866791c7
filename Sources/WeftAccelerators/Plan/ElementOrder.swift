import WeftNetworks

/// The order in which the elements of a map travel on a link, one a transfer: groups of rows, columns, groups of
/// channels, rows of the group, channels of the group; the last is the innermost.
public struct ElementOrder: Hashable, Sendable, Codable {
  /// The shape of the map.
  public var shape: MapShape
  /// Rows that travel together; the last group of a frame may have fewer.
  public var rowsPerGroup: Int
  /// Channels that travel together; the last group of a pixel may have fewer.
  public var channelsPerGroup: Int

  /// An order; groups larger than the map count as the whole of it.
  public init(shape: MapShape, rowsPerGroup: Int, channelsPerGroup: Int) {
    self.shape = shape
    self.rowsPerGroup = min(rowsPerGroup, shape.height)
    self.channelsPerGroup = min(channelsPerGroup, shape.channels)
  }

  /// Row by row, pixel by pixel, all channels of a pixel together.
  public static func raster(_ shape: MapShape) -> ElementOrder {
    ElementOrder(shape: shape, rowsPerGroup: 1, channelsPerGroup: shape.channels)
  }

  /// The number of row groups of a frame.
  public var rowGroups: Int { (shape.height + rowsPerGroup - 1) / rowsPerGroup }
  /// The number of channel groups of a pixel.
  public var channelGroups: Int { (shape.channels + channelsPerGroup - 1) / channelsPerGroup }
  /// The rows of the last group.
  public var rowsInLastGroup: Int { shape.height - (rowGroups - 1) * rowsPerGroup }

  /// For each transfer of a frame, the index of its element in channel, row, column order.
  public var indices: [Int] {
    var result: [Int] = []
    result.reserveCapacity(shape.count)
    for firstRow in stride(from: 0, to: shape.height, by: rowsPerGroup) {
      for column in 0..<shape.width {
        for firstChannel in stride(from: 0, to: shape.channels, by: channelsPerGroup) {
          for row in firstRow..<min(firstRow + rowsPerGroup, shape.height) {
            for channel in firstChannel..<min(firstChannel + channelsPerGroup, shape.channels) {
              result.append((channel * shape.height + row) * shape.width + column)
            }
          }
        }
      }
    }
    return result
  }
}
