/// What came out of a grid. A pass is a frame, or, where outputs have batches, as many as the largest of them says.
public struct GridRun: Hashable, Sendable {
  /// For each frame the codes of every output, in channel, row, column order; none where a pass does not give the
  /// frame.
  public var outputs: [[[Int32]]]
  /// For each pass the cycle of every output's last element, counted from the first cycle after reset.
  public var lastBeats: [[Int]]

  /// For each pass, of an observed grid, the cycles of every stage's first and last transfer of its result, counted
  /// likewise; empty otherwise.
  public var stageSpans: [[ClosedRange<Int>]]

  /// For each of the queues of an observed grid the most transfers that it held; empty otherwise.
  public var highWaterMarks: [Int]

  /// Cycles from the first one after reset until the first pass is complete at every output.
  public var latencyCycles: Int { (lastBeats.first?.max() ?? -1) + 1 }

  /// For each pass the cycle in which the last element of the slowest output came, counted likewise.
  public var completionCycles: [Int] { lastBeats.map { $0.max() ?? 0 } }

  /// Cycles between the last elements of the last two passes at the slowest output; `nil` for fewer than three passes,
  /// where the pipeline may not be full.
  public var cyclesPerFrame: Int? {
    lastBeats.count > 2 ? cycles(fromPass: lastBeats.count - 2, to: lastBeats.count - 1) : nil
  }

  /// Cycles from the last element of one pass to that of a later one, at the output where they are most. Before the
  /// slowest branch's queues are full, others run ahead of it.
  public func cycles(fromPass first: Int, to last: Int) -> Int {
    zip(lastBeats[first], lastBeats[last]).map { $1 - $0 }.max() ?? 0
  }
}
