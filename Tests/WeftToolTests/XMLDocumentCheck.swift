import Foundation
#if canImport(FoundationXML)
  import FoundationXML
#endif

/// A file of XML that is well-formed: how many elements of each name it has, and its text.
final class XMLDocumentCheck: NSObject, XMLParserDelegate {
  private(set) var counts: [String: Int] = [:]
  private(set) var text = ""

  /// Reads a file.
  ///
  /// - Throws: the parser's error where it is not well-formed.
  init(contentsOf url: URL) throws {
    super.init()
    let parser = XMLParser(data: try Data(contentsOf: url))
    parser.delegate = self
    if !parser.parse() { throw parser.parserError ?? CocoaError(.fileReadCorruptFile) }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    counts[name, default: 0] += 1
  }

  func parser(_ parser: XMLParser, foundCharacters characters: String) { text += characters }
}
