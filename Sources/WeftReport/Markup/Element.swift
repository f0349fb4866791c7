/// An element of HTML or SVG. Text and attributes are escaped as it is written, so that any name may stand in a page.
public struct Element: Hashable, Sendable, CustomStringConvertible {
  /// What stands between an element's tags.
  public enum Content: Hashable, Sendable {
    /// Text, as a reader sees it.
    case text(String)
    /// Another element.
    case element(Element)
  }

  /// A property of an element.
  public struct Attribute: Hashable, Sendable {
    /// Its name.
    public var name: String
    /// Its value, as a reader sees it.
    public var value: String
  }

  /// The tag.
  public var name: String
  /// The attributes in their order, as a reader sees them.
  public var attributes: [Attribute]
  /// What stands between the tags.
  public var content: [Content]

  /// An element around others. Numbers among the attributes have two decimals at most.
  public init(
    _ name: String, _ attributes: KeyValuePairs<String, any CustomStringConvertible> = [:], _ elements: [Element] = []
  ) {
    self.init(name, attributes, content: elements.map { .element($0) })
  }

  /// An element around text.
  public init(_ name: String, _ attributes: KeyValuePairs<String, any CustomStringConvertible> = [:], text: String) {
    self.init(name, attributes, content: [.text(text)])
  }

  private init(
    _ name: String, _ attributes: KeyValuePairs<String, any CustomStringConvertible>, content: [Content]
  ) {
    self.name = name
    self.attributes = attributes.map { name, value in
      Attribute(name: name, value: (value as? Double)?.coordinate ?? value.description)
    }
    self.content = content
  }

  /// The element with a text that shows where the pointer rests on it.
  public func titled(_ text: String) -> Element {
    var element = self
    element.content.insert(.element(Element("title", text: text)), at: 0)
    return element
  }

  /// The element as a file has it.
  public var description: String {
    var text = ""
    write(to: &text)
    return text
  }

  /// Elements of HTML that have no end.
  private static let voids: Set = ["meta", "br"]

  private func write(to text: inout String) {
    text += "<\(name)"
    for attribute in attributes { text += " \(attribute.name)=\"\(attribute.value.escaped)\"" }
    if Self.voids.contains(name) {
      text += " />"
      return
    }
    text += ">"
    for part in content {
      switch part {
      case .text(let plain): text += plain.escaped
      case .element(let element): element.write(to: &text)
      }
    }
    text += "</\(name)>"
  }
}

extension String {
  /// The text with the characters replaced that mean something in HTML and XML.
  fileprivate var escaped: String {
    var text = ""
    text.reserveCapacity(utf8.count)
    for character in unicodeScalars {
      switch character {
      case "&": text += "&amp;"
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "\"": text += "&quot;"
      case "\u{0}"..."\u{8}", "\u{b}", "\u{c}", "\u{e}"..."\u{1f}", "\u{fffe}", "\u{ffff}": text += "\u{fffd}"
      default: text.unicodeScalars.append(character)
      }
    }
    return text
  }
}

extension Double {
  /// The number with two decimals at most: a place in a picture.
  var coordinate: String {
    let hundredths = Int((self * 100).rounded())
    if hundredths % 100 == 0 { return "\(hundredths / 100)" }
    let decimals = hundredths % 100
    let digits = decimals.magnitude % 10 == 0 ? "\(decimals.magnitude / 10)" : decimals.magnitude < 10
      ? "0\(decimals.magnitude)" : "\(decimals.magnitude)"
    return "\(hundredths < 0 ? "-" : "")\(hundredths.magnitude / 100).\(digits)"
  }
}
