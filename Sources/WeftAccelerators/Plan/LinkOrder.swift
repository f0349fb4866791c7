import WeftNetworks

/// The order in which a map travels on a link, several elements a transfer: groups of rows of pixels, columns of
/// pixels, and then steps that are the same for every column. Where steps are of several passes, the columns of a group
/// of rows are passed over as often, with the steps of one pass each time.
///
/// A pixel of a stage whose upsampling is decomposed into phases has a result in several rows and columns of the map; of
/// others it is one element of each channel.
public struct LinkOrder: Hashable, Sendable {
  /// What one transfer of a column carries: neighbouring channels, of one phase, of neighbouring rows of pixels.
  public struct Step: Hashable, Sendable {
    /// The first row of pixels, counted in its group.
    public var row: Int
    /// The phase.
    public var phase: Kernel.Phase
    /// The first channel.
    public var channel: Int
    /// The pass over the columns.
    public var pass = 0
  }

  /// The shape of the map.
  public let shape: MapShape
  /// Rows of pixels that travel together; the last group of a frame may have fewer.
  public let rowsPerGroup: Int
  /// Rows and columns of the map that a pixel has.
  public let verticalPhases, horizontalPhases: Int
  /// Rows of pixels, and channels, of a transfer; rows beyond the map's or the group's count for nothing.
  public let rowLanes, channelLanes: Int
  /// The transfers of a column of a whole group, those of all passes in their order.
  public let steps: [Step]
  /// How the groups share the cycles of a frame.
  package let pace: Pace

  /// An order.
  init(
    shape: MapShape, rowsPerGroup: Int, phases: (vertical: Int, horizontal: Int) = (1, 1), rowLanes: Int = 1,
    channelLanes: Int = 1, steps: [Step], pace: Pace
  ) {
    self.shape = shape
    self.rowsPerGroup = rowsPerGroup
    (verticalPhases, horizontalPhases) = phases
    self.rowLanes = rowLanes
    self.channelLanes = channelLanes
    self.steps = steps
    self.pace = pace
  }

  /// Row by row, pixel by pixel, all channels of a pixel one after the other.
  public static func raster(_ shape: MapShape) -> LinkOrder {
    LinkOrder(
      shape: shape, rowsPerGroup: 1,
      steps: (0..<shape.channels).map { Step(row: 0, phase: Kernel.Phase(row: 0, column: 0), channel: $0) },
      pace: Pace(groups: shape.height, whole: 1, last: 1))
  }

  /// The same order, without its steps, for another map of that height.
  package func carrying(_ shape: MapShape) -> LinkOrder {
    LinkOrder(
      shape: shape, rowsPerGroup: rowsPerGroup, phases: (verticalPhases, horizontalPhases), rowLanes: rowLanes,
      channelLanes: channelLanes, steps: [], pace: pace)
  }

  /// Elements of a transfer.
  public var lanes: Int { rowLanes * channelLanes }
  /// Columns of pixels.
  public var columns: Int { shape.width / horizontalPhases }
  /// The number of row groups of a frame.
  public var rowGroups: Int { ceilingDivide(shape.height / verticalPhases, rowsPerGroup) }
  /// The rows of pixels of the last group.
  public var rowsInLastGroup: Int { shape.height / verticalPhases - (rowGroups - 1) * rowsPerGroup }
  /// The rows of the map that a whole group has.
  var mapRowsPerGroup: Int { rowsPerGroup * verticalPhases }
  /// The transfers of a column of the last group, which leaves out those of rows that it does not have.
  var stepsInLastGroup: [Step] { steps.filter { $0.row < rowsInLastGroup } }

  /// The number of transfers of a frame.
  public var transfersPerFrame: Int {
    columns * ((rowGroups - 1) * steps.count + stepsInLastGroup.count)
  }

  /// For each transfer of a frame and each of its lanes, rows outermost, the index of the element in channel, row,
  /// column order; -1 where the lane counts for nothing.
  public var indices: [[Int]] {
    var result: [[Int]] = []
    result.reserveCapacity(transfersPerFrame)
    for group in 0..<rowGroups {
      let isLast = group == rowGroups - 1
      let rows = isLast ? rowsInLastGroup : rowsPerGroup
      for pass in Self.passes(of: isLast ? stepsInLastGroup : steps) {
        for column in 0..<columns {
          for step in pass {
            result.append(
              (0..<lanes).map { lane in
                let (row, channel) = (step.row + lane / channelLanes, step.channel + lane % channelLanes)
                guard row < rows else { return -1 }
                let mapRow = (group * rowsPerGroup + row) * verticalPhases + step.phase.row
                let mapColumn = column * horizontalPhases + step.phase.column
                return (channel * shape.height + mapRow) * shape.width + mapColumn
              })
          }
        }
      }
    }
    return result
  }

  /// The steps of each pass.
  private static func passes(of steps: [Step]) -> [ArraySlice<Step>] {
    var result: [ArraySlice<Step>] = []
    var rest = steps[...]
    while let first = rest.first {
      result.append(rest.prefix { $0.pass == first.pass })
      rest = rest.drop { $0.pass == first.pass }
    }
    return result
  }

  /// Whether the columns of a group of rows are passed over more than once.
  var hasPasses: Bool { steps.last.map { $0.pass > 0 } ?? false }
}
