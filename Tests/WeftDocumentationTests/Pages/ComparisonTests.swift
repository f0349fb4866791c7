import Foundation
import Testing

/// What the comparison says of Weft's own designs is so.
@Suite struct ComparisonTests {
  /// The lines of a declaration that are neither empty nor comments.
  private func lineCount(of type: String, in file: String) throws -> Int {
    let source = try Documents.text("Tests/WeftDocumentationTests/Designs/\(file).swift")
    let start = try #require(source.range(of: "struct \(type): Module {"))
    let body = source[start.lowerBound...].components(separatedBy: "\n}")[0]
    return 1 + body.split(separator: "\n").count { line in
      let text = line.trimmingCharacters(in: .whitespaces)
      return !text.isEmpty && !text.hasPrefix("//")
    }
  }

  @Test(arguments: [
    ("counter", "Counter", ["Counter"]), ("FIFO", "Queue", ["Queue"]),
    ("UART, both directions", "UART", ["UARTTransmitter", "UARTReceiver"]), ("FIR filter", "FIRFilter", ["FIRFilter"]),
    ("array of processing elements", "MatrixMultiplier", ["ProcessingElement", "MatrixMultiplier"]),
    ("AXI4-Lite registers", "AXI4LiteRegisters", ["AXI4LiteRegisters"]),
  ])
  func linesAreCounted(design: String, file: String, types: [String]) throws {
    let page = try Documents.page("docs/comparison.md").text
    let row = try #require(page.split(separator: "\n").first { $0.hasPrefix("| \(design) |") })
    let shown = row.split(separator: "|")[1].trimmingCharacters(in: .whitespaces).prefix { $0.isNumber }
    #expect(Int(shown) == (try types.reduce(0) { $0 + (try lineCount(of: $1, in: file)) }))
  }

  @Test func everySourceIsGivenAndUsed() throws {
    let page = try Documents.page("docs/comparison.md").text
    let parts = page.components(separatedBy: "## Sources")
    let used = Set(parts[0].matches(of: #/\[([A-Z]\d+)\]/#).map { String($0.1) })
    let given = parts[1].matches(of: #/\n\| ([A-Z]\d+) \|/#).map { String($0.1) }
    #expect(used == Set(given) && given.count == used.count, "\(used.symmetricDifference(given).sorted())")
  }
}
