import Foundation
import Testing
import Weft

/// The page about diagnostics has each code, with an example and what is really said of it.
@Suite struct DiagnosticPageTests {
  static let examples: [String: any Module] = [
    "Average": Average(), "Ring": Ring(), "Threshold": Threshold(), "TopBit": TopBit(), "Sampler": Sampler(),
    "TwoStages": TwoStages(),
    "Countdown": Countdown(), "Display": Display(), "Clearing": Clearing(), "Crossroads": Crossroads(),
    "Nibbles": Nibbles(), "Selector": Selector(), "Enabler": Enabler(), "Accumulator": Accumulator(),
    "Indicator": Indicator(), "SlowCounter": SlowCounter(),
    "Clockwork": Clockwork(), "Scratchpad": Scratchpad(), "Tree": Tree(leaves: 4),
  ]

  private func mistakes(in module: some Module) -> ElaborationError? {
    do {
      _ = try Design(module)
      return nil
    } catch {
      return error
    }
  }

  private func sections() throws -> [String: String] {
    let page = try Documents.page("docs/diagnostics.md")
    return Dictionary(page.sections.map { ($0.heading, $0.text) }) { first, _ in first }
  }

  @Test func everyCodeHasASectionAndNoOther() throws {
    let headings = try sections().keys.filter { $0.hasPrefix("`") }
    #expect(Set(headings) == Set(Diagnostic.Code.allCases.map { "`\($0.rawValue)`" }))
  }

  @Test(arguments: Diagnostic.Code.allCases) func theSectionShowsWhatIsSaid(code: Diagnostic.Code) throws {
    let section = try #require(sections()["`\(code.rawValue)`"])
    let block = try #require(Page.blocks("swift", in: section).first)
    let name = try #require(
      block.components(separatedBy: "struct ").last?.prefix { $0.isLetter || $0.isNumber }.description)
    let module = try #require(Self.examples[name])
    let found = mistakes(in: module)
    let error = try #require(found)
    // The block is shown as a file of its own.
    let source = try Documents.text("Tests/WeftDocumentationTests/Pages/Mistakes.swift")
    let start = try #require(source.range(of: block)?.lowerBound)
    let linesBefore = source[..<start].count { $0 == "\n" }
    let said = error.diagnostics.map { diagnostic in
      var diagnostic = diagnostic
      diagnostic.place = diagnostic.place.map {
        SourcePlace(file: "Hardware/\(name).swift", line: $0.line - linesBefore)
      }
      // A message may name a second place.
      diagnostic.message = diagnostic.message.replacing(#/WeftDocumentationTests\/Mistakes.swift:(\d+)/#) { match in
        "Hardware/\(name).swift:\((Int(match.1) ?? 0) - linesBefore)"
      }
      return diagnostic.description
    }.joined(separator: "\n")
    let shown = try #require(Page.blocks("text", in: section).first)
    func words(_ text: String) -> [Substring] { text.split { $0.isWhitespace } }
    #expect(words(shown) == words(said), "`\(code.rawValue)` is said as\n\(said)")
    #expect(said.contains("[\(code.rawValue)]"))
  }

  @Test func mistakesAreValues() {
    var places: [SourcePlace?] = []
    do {
      _ = try Design(Enabler())
    } catch {
      for mistake in error.diagnostics where mistake.code == .latch { places.append(mistake.place) }
    }
    #expect(places.count == 1 && places[0]?.file == "WeftDocumentationTests/Mistakes.swift")
  }
}
