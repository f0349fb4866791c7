import Weft
import WeftNetworks

/// Where the elements of each transfer of a column belong in an input buffer, as words of a table: first those of a
/// whole row group, then those of a last one that has fewer rows.
struct StepTable: Hashable {
  /// The words.
  let words: [BitVector]
  /// Where the words of the last row group begin.
  let startOfLastGroup: Int
  /// The first lane of a word that steps begin with, each once.
  let lanes: [Int]
  private let widths: Widths

  private struct Widths: Hashable {
    var bank, start, offset, lane, rows: Int
  }

  /// The table for an input of a stage.
  init(_ order: LinkOrder, in geometry: StageGeometry) {
    let (banks, cpf) = (geometry.banks, geometry.configuration.cpf)
    let groups = geometry.inputGroups.max() ?? 1
    let widths = Widths(
      bank: bitsFor(banks - 1), start: bitsFor(geometry.bankDepth - 1),
      offset: bitsFor(order.horizontalPhases * groups - 1), lane: bitsFor(cpf - 1), rows: order.rowLanes
    )
    func words(_ steps: [LinkOrder.Step], rows: Int) -> [BitVector] {
      steps.enumerated().map { index, step in
        let row = step.row * order.verticalPhases + step.phase.row
        let count = min(order.rowLanes, rows - step.row)
        return .concatenating([
          BitVector(truncating: index == steps.count - 1 ? 1 : 0, width: 1),
          BitVector(truncating: (1 << count) - 1, width: widths.rows),
          BitVector(truncating: step.channel % cpf, width: widths.lane),
          BitVector(truncating: step.phase.column * groups + step.channel / cpf, width: widths.offset),
          BitVector(truncating: row / banks * geometry.rowSize, width: widths.start),
          BitVector(truncating: row % banks, width: widths.bank),
        ])
      }
    }
    self.widths = widths
    lanes = Set(order.steps.map { $0.channel % cpf }).sorted()
    let whole = order.rowGroups > 1 || order.rowsInLastGroup == order.rowsPerGroup
      ? words(order.steps, rows: order.rowsPerGroup) : []
    if order.rowsInLastGroup == order.rowsPerGroup {
      self.words = whole
      startOfLastGroup = 0
    } else {
      self.words = whole + words(order.stepsInLastGroup, rows: order.rowsInLastGroup)
      startOfLastGroup = whole.count
    }
  }

  /// The fields of a word.
  struct Step {
    /// The bank of the first row, counted from the group's first.
    let bank: Unsigned
    /// Where that row begins in its bank, counted from the group's first, but for a turn of the banks.
    let start: Unsigned
    /// The place within the row, counted from the column's.
    let offset: Unsigned
    /// The lane of the first channel.
    let lane: Unsigned
    /// The rows that exist.
    let rows: Bits
    /// Whether it is the column's last.
    let isLast: Bit
  }

  /// The fields of a word.
  func step(_ word: Bits) -> Step {
    var low = 0
    func field(_ width: Int) -> Bits {
      defer { low += width }
      return word[low..<low + width]
    }
    let (bank, start) = (field(widths.bank), field(widths.start))
    let (offset, lane) = (field(widths.offset), field(widths.lane))
    let rows = field(widths.rows)
    return Step(
      bank: bank.asUnsigned, start: start.asUnsigned, offset: offset.asUnsigned, lane: lane.asUnsigned, rows: rows,
      isLast: word[low])
  }
}
