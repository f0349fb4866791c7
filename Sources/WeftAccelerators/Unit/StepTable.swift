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
  /// Whether the steps are of several passes over the columns.
  let hasPasses: Bool
  private let widths: Widths

  private struct Widths: Hashable {
    var bank, start, columnBank, offset, lane, rows, pass: Int
  }

  /// The table for an input of a stage.
  init(_ order: LinkOrder, in geometry: StageGeometry) {
    let (banks, columnBanks, cpf) = (geometry.banks, geometry.columnBanks, geometry.configuration.cpf)
    let groups = geometry.inputGroups.max() ?? 1
    let widths = Widths(
      bank: bitsFor(banks - 1), start: bitsFor(geometry.bankDepth - 1),
      columnBank: columnBanks == 1 ? 0 : bitsFor(columnBanks - 1),
      offset: bitsFor(ceilingDivide(order.horizontalPhases, columnBanks) * groups - 1), lane: bitsFor(cpf - 1),
      rows: order.rowLanes, pass: order.hasPasses ? 1 : 0)
    func words(_ steps: [LinkOrder.Step], rows: Int) -> [BitVector] {
      steps.enumerated().map { index, step in
        let row = step.row * order.verticalPhases + step.phase.row
        let count = min(order.rowLanes, rows - step.row)
        let isLast = index == steps.count - 1
        let fields = [
          (step.pass == steps[steps.count - 1].pass ? 1 : 0, widths.pass),
          (isLast || steps[index + 1].pass != step.pass ? 1 : 0, 1),
          ((1 << count) - 1, widths.rows),
          (step.channel % cpf, widths.lane),
          (step.phase.column / columnBanks * groups + step.channel / cpf, widths.offset),
          (step.phase.column % columnBanks, widths.columnBank),
          (row / banks * geometry.rowSize, widths.start),
          (row % banks, widths.bank),
        ]
        return .concatenating(
          fields.filter { $0.1 > 0 }.map { BitVector(truncating: $0.0, width: $0.1) })
      }
    }
    self.widths = widths
    hasPasses = order.hasPasses
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
    /// The column bank, counted from the column's.
    let columnBank: Unsigned
    /// The place within the row, counted from the column's.
    let offset: Unsigned
    /// The lane of the first channel.
    let lane: Unsigned
    /// The rows that exist.
    let rows: Bits
    /// Whether it is the column's last of its pass.
    let isLast: Bit
    /// Whether no pass follows.
    let isLastPass: Bit
  }

  /// The fields of a word.
  func step(_ word: Bits) -> Step {
    var low = 0
    func field(_ width: Int) -> Bits {
      guard width > 0 else { return Bits.zeros(1) }
      defer { low += width }
      return word[low..<low + width]
    }
    let (bank, start) = (field(widths.bank), field(widths.start))
    let columnBank = field(widths.columnBank)
    let (offset, lane) = (field(widths.offset), field(widths.lane))
    let rows = field(widths.rows)
    return Step(
      bank: bank.asUnsigned, start: start.asUnsigned, columnBank: columnBank.asUnsigned, offset: offset.asUnsigned,
      lane: lane.asUnsigned, rows: rows, isLast: word[low], isLastPass: hasPasses ? word[low + 1] : 1)
  }
}
