import Foundation
#if canImport(FoundationXML)
  import FoundationXML
#endif

/// A file of XML that is well-formed: how many elements of each name and of each class it has, and the texts of
/// elements by their name, class and identifier.
final class XMLDocumentCheck: NSObject, XMLParserDelegate {
  private(set) var counts: [String: Int] = [:]
  private(set) var classes: [String: Int] = [:]
  private(set) var texts: [String: [String]] = [:]
  private var open: [(keys: [String], text: String)] = []

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
    if let name = attributes["class"] { classes[name, default: 0] += 1 }
    open.append(([name] + [attributes["class"], attributes["id"]].compactMap(\.self), ""))
  }

  func parser(_ parser: XMLParser, foundCharacters characters: String) {
    for index in open.indices { open[index].text += characters }
  }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    guard let element = open.popLast() else { return }
    for key in element.keys { texts[key, default: []].append(element.text) }
  }
}
