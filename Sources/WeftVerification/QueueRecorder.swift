import Weft
import WeftAccelerators
import WeftSimulation

/// Notes how full the queues of an observed grid get.
final class QueueRecorder: StreamAgent {
  private let fills: SignalLocation
  private let width: Int
  /// For each queue the most transfers that it held so far.
  private(set) var highWaterMarks: [Int]

  /// A recorder for a grid that shows the fills of its queues.
  init<Unit: StageUnit>(_ simulation: Simulation<Grid<Unit>>) {
    fills = simulation[\.fills[0]].location
    width = fills.elementWidth
    highWaterMarks = Array(repeating: 0, count: fills.count)
  }

  func drive() {}

  func observe(cycle: Int) {
    for index in highWaterMarks.indices {
      let fill = fills.storage.bits(low: fills.low + index * width, width: width)
      highWaterMarks[index] = max(highWaterMarks[index], Int(fill))
    }
  }

  var status: String { "the queues held at most " + highWaterMarks.map { "\($0)" }.joined(separator: ", ") }
}
