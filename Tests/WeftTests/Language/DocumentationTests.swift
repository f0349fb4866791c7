import Foundation
import Testing

/// What the pages about types and state machines show is what the tests compile and compare.
@Suite struct DocumentationTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

  /// A file without the spaces that lines begin with.
  private func text(_ path: String) throws -> String {
    let file = Self.root.appendingPathComponent(path).standardizedFileURL
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.drop { $0 == " " } }.joined(separator: "\n")
  }

  private func blocks(_ language: String, of page: String) throws -> [Substring] {
    try text("../../../docs/language/\(page).md").components(separatedBy: "```\(language)\n").dropFirst()
      .compactMap { $0.split(separator: "```", maxSplits: 1).first }
  }

  @Test(arguments: ["fixed-point", "constants", "switch", "vectors", "state-machines", "register-files"])
  func pagesShowWhatIsTested(page: String) throws {
    let samples = try text("TypeSamples.swift") + text("ConstantTests.swift")
    for block in try blocks("swift", of: page) { #expect(samples.contains(block), "\(page): \(block)") }
    let verilog = try text("../Verilog/TypeVerilogTests.swift")
    for block in try blocks("verilog", of: page) { #expect(verilog.contains(block), "\(page): \(block)") }
  }
}
