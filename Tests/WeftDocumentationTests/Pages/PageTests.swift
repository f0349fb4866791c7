import Foundation
import Testing

/// Whatever code the pages show is compiled, run or compared by a test, and their links lead somewhere.
@Suite struct PageTests {
  @Test func everyBlockStandsInATest() throws {
    let sources = try Documents.files(in: "Tests", endingIn: ".swift").map { Documents.lines(try Documents.text($0)) }
    var count = 0
    for page in try Documents.pages() {
      // README's Verilog is compared with what its module becomes in a test of its own.
      for language in page.path == "README.md" ? ["swift"] : ["swift", "verilog"] {
        for block in page.blocks(language).map(Documents.lines) {
          #expect(sources.contains { $0.contains(block) }, "\(page.path) shows what no test holds:\n\(block)")
          count += 1
        }
      }
    }
    #expect(count >= 45)
  }

  @Test func everyLinkLeadsSomewhere() throws {
    for page in try Documents.pages() {
      let folder = Documents.root.appendingPathComponent(page.path).deletingLastPathComponent()
      for part in page.text.components(separatedBy: "](").dropFirst() {
        let target = part.prefix { $0 != ")" && $0 != "#" }
        guard !target.isEmpty, !target.contains("://") else { continue }
        let path = folder.appendingPathComponent(String(target)).path
        #expect(FileManager.default.fileExists(atPath: path), "\(page.path) links to \(target)")
      }
    }
  }
}
