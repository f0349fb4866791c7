import WeftAccelerators

/// How full a queue of a grid was at most.
public struct QueueMark: Hashable, Sendable, Codable, CustomStringConvertible {
  /// What fills the queue: a layer or an input of the network.
  public var source: String
  /// The layer that it feeds, and which of the layer's inputs.
  public var reader: String
  /// The position of the input among those of the layer.
  public var input: Int
  /// The transfers that the queue holds at most, computed from the schedule.
  public var depth: Int
  /// The most transfers that it held.
  public var highWaterMark: Int

  /// The mark of a grid's queue.
  init<Unit: StageUnit>(_ queue: LinkQueue, of grid: Grid<Unit>, highWaterMark: Int) {
    let network = grid.network
    source =
      switch queue.source {
      case .input(let index): network.inputs[index].name
      case .layer(let index): network.layers[index].name
      }
    reader = network.layers[queue.reader].name
    input = queue.input
    depth = queue.depth
    self.highWaterMark = highWaterMark
  }

  /// The whole sentence.
  public var description: String {
    "queue from \(source) to \(reader): at most \(highWaterMark) of \(depth) transfers held"
  }
}
