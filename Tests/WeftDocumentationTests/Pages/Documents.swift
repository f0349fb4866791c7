import Foundation

/// A page of the documentation.
struct Page {
  /// The path from the root of the package.
  let path: String
  let text: String

  /// The blocks in a language.
  func blocks(_ language: String) -> [String] { Self.blocks(language, in: text) }

  /// The blocks in a language, of a part of a page.
  static func blocks(_ language: String, in text: String) -> [String] {
    text.components(separatedBy: "```\(language)\n").dropFirst().map { $0.components(separatedBy: "```")[0] }
  }

  /// The parts under second headings, by the heading.
  var sections: [(heading: String, text: String)] {
    text.components(separatedBy: "\n## ").dropFirst().map { part in
      let lines = part.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
      return (String(lines[0]), lines.count > 1 ? String(lines[1]) : "")
    }
  }
}

/// The package's pages and sources.
enum Documents {
  /// The root of the package.
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The text of a file.
  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  /// A page.
  static func page(_ path: String) throws -> Page { Page(path: path, text: try text(path)) }

  /// Files in a folder whose names end so.
  static func files(in folder: String, endingIn suffix: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: root.appendingPathComponent(folder).path).sorted()
      .filter { $0.hasSuffix(suffix) }.map { "\(folder)/\($0)" }
  }

  /// README and everything under docs.
  static func pages() throws -> [Page] {
    try (["README.md"] + files(in: "docs", endingIn: ".md")).map(page)
  }

  /// Lines without the spaces around them; empty ones are left out.
  static func lines(_ text: String) -> String {
    text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
      .joined(separator: "\n")
  }
}
