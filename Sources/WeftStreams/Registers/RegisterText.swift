/// Text of people in files of several languages: it means nothing there, whatever it holds.
enum RegisterText {
  /// The lines of a text without characters that are not seen: controls, and those that change the direction of what
  /// follows them.
  static func lines(_ text: String) -> [String] {
    var lines = [""]
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": lines.append("")
      case "\r": continue
      case "\t": lines[lines.count - 1] += " "
      case "\u{0}"..."\u{1f}", "\u{7f}"..."\u{9f}", "\u{2028}"..."\u{202e}", "\u{2066}"..."\u{2069}", "\u{feff}",
        "\u{fffe}"..."\u{ffff}":
        lines[lines.count - 1].unicodeScalars.append("\u{fffd}")
      default: lines[lines.count - 1].unicodeScalars.append(scalar)
      }
    }
    return lines
  }

  /// A text in a comment of C, from `/*` to `*/`: nothing in it ends the comment, begins another or is a trigraph.
  static func cComment(_ text: String, indentation: String = "") -> String {
    let lines = lines(text).map { separated($0, ["*/", "/*", "??"]) }
    if lines.count == 1 { return "\(indentation)/* \(lines[0]) */\n" }
    let body = lines.map { "\(indentation) *" + ($0.isEmpty ? "" : " \($0)") + "\n" }.joined()
    return "\(indentation)/*\n\(body)\(indentation) */\n"
  }

  /// A string of Python, in double quotes, on one line.
  static func python(_ text: String) -> String {
    "\"" + lines(text).map { escaped($0, ["\\": "\\\\", "\"": "\\\""]) }.joined(separator: "\\n") + "\""
  }

  /// A string of SystemRDL. What its preprocessors would act on, even in a string, gets a space.
  static func systemRDL(_ text: String) -> String {
    let text = lines(text).joined(separator: "\n")
    return "\"" + escaped(separated(text, ["<%", "`include"]), ["\\": "\\\\", "\"": "\\\""]) + "\""
  }

  /// Text between tags of HTML, or in an attribute.
  static func html(_ text: String) -> String {
    escaped(
      lines(text).joined(separator: "\n"),
      ["&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;", "'": "&#39;"])
  }

  /// The text with a space behind the first character of each of these patterns.
  private static func separated(_ text: String, _ patterns: [String]) -> String {
    var result = ""
    var rest = text.unicodeScalars[...]
    while let scalar = rest.first {
      result.unicodeScalars.append(scalar)
      if patterns.contains(where: { rest.starts(with: $0.unicodeScalars) }) { result += " " }
      rest = rest.dropFirst()
    }
    return result
  }

  private static func escaped(_ text: String, _ escapes: [Unicode.Scalar: String]) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if let escape = escapes[scalar] { result += escape } else { result.unicodeScalars.append(scalar) }
    }
    return result
  }
}

extension UInt64 {
  /// The number in hexadecimal, in as many digits as so many bits have.
  func hexadecimal(bits: Int) -> String {
    let digits = String(self, radix: 16)
    return "0x" + String(repeating: "0", count: Swift.max(0, (bits + 3) / 4 - digits.count)) + digits
  }
}
