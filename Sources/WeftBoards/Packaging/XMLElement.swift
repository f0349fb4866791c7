/// An element of an XML file. Text and attributes are escaped as it is written.
struct XMLElement {
  /// The tag.
  var name: String
  /// The attributes in their order.
  var attributes: [(name: String, value: String)]
  /// The text between the tags; elements stand there instead where there are any.
  var text: String
  /// The elements between the tags.
  var children: [XMLElement]

  /// An element around others.
  init(_ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ children: [XMLElement] = []) {
    self.name = name
    self.attributes = attributes.map { ($0.key, $0.value) }
    text = ""
    self.children = children
  }

  /// An element around text.
  init(_ name: String, _ attributes: KeyValuePairs<String, String> = [:], text: String) {
    self.init(name, attributes)
    self.text = text
  }

  /// The file whose root the element is, indented by two spaces.
  var file: String { "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + lines(indent: 0).joined(separator: "\n") + "\n" }

  private func lines(indent: Int) -> [String] {
    let space = String(repeating: " ", count: indent)
    let start = space + "<" + name + attributes.map { " \($0.name)=\"\(Self.escaped($0.value))\"" }.joined()
    if !children.isEmpty {
      return [start + ">"] + children.flatMap { $0.lines(indent: indent + 2) } + [space + "</\(name)>"]
    }
    return [text.isEmpty ? start + "/>" : start + ">" + Self.escaped(text) + "</\(name)>"]
  }

  /// Text with the characters that mean something in XML as references; those that XML cannot have are left out.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\t", "\n", "\r": result += "&#\(scalar.value);"
      case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": continue
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
