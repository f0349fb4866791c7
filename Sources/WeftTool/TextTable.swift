/// Rows with their columns aligned, the first to the left and the others to the right.
struct TextTable {
  /// The rows, the first of which may be the columns' names.
  let lines: [String]

  /// A table of rows of equal length.
  init(_ rows: [[String]]) {
    let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    lines = rows.map { row in
      zip(row, widths).enumerated().map { column, cell in
        let space = String(repeating: " ", count: cell.1 - cell.0.count)
        return column == 0 ? cell.0 + space : space + cell.0
      }.joined(separator: "  ")
    }
  }
}
