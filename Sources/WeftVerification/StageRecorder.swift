import Weft
import WeftAccelerators
import WeftSimulation

/// Notes in which cycles the stages of an observed grid pass on the first and the last transfer of each of its passes.
final class StageRecorder: StreamAgent {
  private let transfers: SignalLocation
  private let transfersPerPass: [Int]
  private var counts: [Int]
  /// For each stage the cycles of its first and its last transfer of every pass so far.
  private var marks: [[Int]]

  init<Unit: StageUnit>(_ simulation: Simulation<Grid<Unit>>, stages: [StageGeometry]) {
    transfers = simulation[\.transfers[0]].location
    transfersPerPass = stages.map { $0.batch * $0.outputOrder.transfersPerFrame }
    counts = Array(repeating: 0, count: stages.count)
    marks = Array(repeating: [], count: stages.count)
  }

  func drive() {}

  func observe(cycle: Int) {
    for low in stride(from: 0, to: counts.count, by: 64) {
      var word = transfers.storage.bits(low: transfers.low + low, width: min(64, counts.count - low))
      while word != 0 {
        note(stage: low + word.trailingZeroBitCount, cycle)
        word &= word - 1
      }
    }
  }

  private func note(stage: Int, _ cycle: Int) {
    if counts[stage] == 0 { marks[stage].append(cycle) }
    counts[stage] += 1
    if counts[stage] == transfersPerPass[stage] {
      counts[stage] = 0
      marks[stage].append(cycle)
    }
  }

  /// Whether every stage has passed on the frames of so many passes.
  func has(passes: Int) -> Bool { marks.allSatisfy { $0.count >= 2 * passes } }

  /// For each pass, for each stage the cycles of its first and last transfer, counted from `start`.
  func spans(ofPasses passes: Int, from start: Int) -> [[ClosedRange<Int>]] {
    (0..<passes).map { pass in marks.map { ($0[2 * pass] - start)...($0[2 * pass + 1] - start) } }
  }

  var status: String { "the stages passed on \(counts.reduce(0, +)) transfers of frames that are not complete" }
}
