import Foundation
import Weft

extension Coverage {
  /// What was reached in numbers, and each thing that was not, by its place.
  public var report: String {
    var lines = summary.map { name, ratio in
      let share = (ratio.fraction * 1000).rounded() / 10
      return "\(Self.padded(name, 12))\(Self.padded("\(ratio)", 18))\(share) %"
    }
    lines += section("not reached", sortedPoints.filter { $0.value == 0 }.map { Self.line(for: $0.key) })
    lines += section(
      "never moved",
      toggles.sorted { $0.key < $1.key }.compactMap { signal, toggle in
        let parts = [("rise", toggle.rose), ("fall", toggle.fell)].compactMap { name, bits in
          Self.ranges(of: bits.inverted).map { "\(name) of \($0)" }
        }
        return parts.isEmpty ? nil : "\(signal): \(parts.joined(separator: ", "))"
      })
    lines += section(
      "never entered",
      states.sorted { $0.key < $1.key }.compactMap { register, states in
        let missing =
          states.visits.filter { $0.value == 0 }.keys.sorted()
          + states.sortedTransitions.filter { $0.value == 0 }.map { "\($0.key.from) -> \($0.key.to)" }
        return missing.isEmpty ? nil : "\(register): \(missing.joined(separator: ", "))"
      })
    return lines.joined(separator: "\n") + "\n"
  }

  private var summary: [(String, Ratio)] {
    [
      ("statements", statements), ("branches", branches), ("toggles", movedBits), ("states", heldStates),
      ("transitions", madeTransitions),
    ].filter { $0.1.total > 0 }
  }

  private func section(_ title: String, _ items: [String]) -> [String] {
    items.isEmpty ? [] : ["", title + ":"] + items.map { "  " + $0 }
  }

  private static func line(for key: PointKey) -> String {
    let what =
      switch key.kind {
      case .statement: "statement"
      case .then: "`When`"
      case .otherwise: "`else` of `When`"
      case .matchCase: "case \(key.number + 1) of `Switch`"
      case .matchDefault: "default of `Switch`"
      }
    return "\(key.file):\(key.line): \(what) in \(key.module)"
  }

  /// The bits that are one, as ranges; `nil` where there are none.
  private static func ranges(of bits: BitVector) -> String? {
    var ranges: [String] = []
    var high: Int?
    for bit in (-1..<bits.width).reversed() {
      let isOne = bit >= 0 && bits[bit]
      if isOne, high == nil { high = bit }
      if !isOne, let top = high {
        ranges.append(top == bit + 1 ? "\(top)" : "\(top):\(bit + 1)")
        high = nil
      }
    }
    return ranges.isEmpty ? nil : "[" + ranges.joined(separator: ", ") + "]"
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}

// MARK: - Source lines

extension Coverage {
  /// What was reached of one line.
  struct LineCoverage {
    /// How often its statements were carried out, together, or its arms were taken.
    var count = 0
    var reached = 0
    var total = 0
  }

  /// The source files that points lie in, as `#fileID` names them.
  public var files: [String] { Set(points.keys.map(\.file)).sorted() }

  private func lines(of file: String) -> [Int: LineCoverage] {
    points.reduce(into: [:]) { lines, point in
      guard point.key.file == file else { return }
      lines[point.key.line, default: .init()].count += point.value
      lines[point.key.line, default: .init()].total += 1
      if point.value > 0 { lines[point.key.line, default: .init()].reached += 1 }
    }
  }

  /// The lines of a source file, each with how often it was reached: `-` before a line that never was, `~` before one
  /// of which a part was not.
  ///
  /// - Parameters:
  ///   - file: The file as `#fileID` names it.
  ///   - source: Its text.
  public func annotated(_ file: String, source: String) -> String {
    rows(file, source).map { number, mark, count, text in
      let margin = [Self.right(count, 9), mark, Self.right("\(number)", 5)].joined(separator: " ")
      return text.isEmpty ? margin : "\(margin)  \(text)"
    }.joined(separator: "\n") + "\n"
  }

  private func rows(_ file: String, _ source: String) -> [(number: Int, mark: String, count: String, text: String)] {
    let lines = lines(of: file)
    var texts = source.split(separator: "\n", omittingEmptySubsequences: false)
    if texts.last == "" { texts.removeLast() }
    return texts.enumerated().map { index, text in
      guard let line = lines[index + 1] else { return (index + 1, " ", "", String(text)) }
      let mark = line.reached == line.total ? " " : line.reached == 0 ? "-" : "~"
      return (index + 1, mark, "\(line.count)", String(text))
    }
  }

  private static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  /// One page with the report and the lines of all source files that are found.
  ///
  /// - Parameter folder: Where source files are looked for, at any depth: a package's folder. `Filters/Median.swift` is
  ///   a file of this name, in a folder `Filters` where there are several.
  public func html(sources folder: String) -> String {
    var page = """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8"><title>Coverage</title><style>
      body { font-family: sans-serif; margin: 2em; } pre { line-height: 1.35; }
      .missed { background: #f6b0b0; } .partial { background: #f6e0a0; } .reached { background: #c8ecc8; }
      </style></head><body><h1>Coverage</h1>
      <pre>\(report.escapedForMarkup)</pre>

      """
    let known = Self.sourceFiles(in: folder)
    for file in files {
      page += "<h2>\(file.escapedForMarkup)</h2>\n"
      guard let path = Self.path(of: file, among: known),
        let source = try? String(contentsOfFile: path, encoding: .utf8)
      else {
        page += "<p>The file was not found.</p>\n"
        continue
      }
      page += "<pre>"
      for row in rows(file, source) {
        let line = "\(Self.right(row.count, 9)) \(Self.right("\(row.number)", 5))  \(row.text)".escapedForMarkup
        let style = row.count.isEmpty ? nil : row.mark == "-" ? "missed" : row.mark == "~" ? "partial" : "reached"
        page += style.map { "<span class=\"\($0)\">\(line)</span>\n" } ?? line + "\n"
      }
      page += "</pre>\n"
    }
    return page + "</body></html>\n"
  }

  private static func sourceFiles(in folder: String) -> [String] {
    let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return names.filter { $0.hasSuffix(".swift") && !$0.hasPrefix(".") }.sorted().map { "\(folder)/\($0)" }
  }

  private static func path(of file: String, among known: [String]) -> String? {
    let parts = file.split(separator: "/").map(String.init)
    guard let name = parts.last, let module = parts.first else { return nil }
    let named = known.filter { $0.hasSuffix("/\(name)") }
    return named.first { $0.contains("/\(module)/") } ?? named.first
  }
}
