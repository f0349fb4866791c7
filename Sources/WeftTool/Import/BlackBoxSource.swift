/// The Swift source of a black box.
struct BlackBoxSource {
  /// The text of the file.
  let text: String

  init(
    _ module: VerilogModulePorts, files: [String], parameters: [(name: String, value: String)], clock: String?,
    reset: String?
  ) {
    let signals = module.ports.filter { $0.name != clock && $0.name != reset }
    var lines = ["import Weft", "", "/// `\(module.name)`, which \(files.joined(separator: ", ")) defines."]
    lines.append("struct \(Self.name(module.name, isType: true)): BlackBox {")
    lines.append("  var verilogName: String? { \(Self.quoted(module.name)) }")
    if !parameters.isEmpty {
      let list = parameters.map { parameter in
        let value = Int(parameter.value).map { ".integer(\($0))" } ?? Self.quoted(parameter.value)
        return ".init(\(Self.quoted(parameter.name)), \(value))"
      }
      lines.append("  var parameters: [BlackBoxParameter] { [\(list.joined(separator: ", "))] }")
    }
    lines.append("  var sources: [String] { [\(files.map(Self.quoted).joined(separator: ", "))] }")
    if let clock {
      lines.append("  var domains: [Domain] { [.main] }")
      let names = ["\"clock\": \(Self.quoted(clock))"] + (reset.map { ["\"reset\": \(Self.quoted($0))"] } ?? [])
      lines.append("  var portNames: [String: String] { [\(names.joined(separator: ", "))] }")
    }
    for port in signals {
      let (type, shape) =
        port.isSigned
        ? ("Signed", ".signed(\(port.width))") : port.width == 1 ? ("Bit", ".bit") : ("Bits", ".bits(\(port.width))")
      lines.append(
        "  var \(Self.name(port.name, isType: false)): \(type) { "
          + "\(port.isInput ? "input" : "output")(\(shape), named: \(Self.quoted(port.name))) }")
    }
    let names = signals.map { Self.name($0.name, isType: false) }.joined(separator: ", ")
    lines += ["  var body: Circuit { ports(\(names)) }", "}", ""]
    text = lines.joined(separator: "\n")
  }

  /// A name in Swift's style for one in Verilog's: `data_valid` becomes `dataValid`.
  private static func name(_ verilog: String, isType: Bool) -> String {
    let words = verilog.split { !$0.isLetter && !$0.isNumber }.map(String.init)
    var name = words.enumerated().map { index, word in
      let isUpper = word.allSatisfy { $0.isUppercase || $0.isNumber }
      if index == 0, !isType { return isUpper ? word.lowercased() : word.prefix(1).lowercased() + word.dropFirst() }
      return word.prefix(1).uppercased() + (isUpper ? word.dropFirst().lowercased() : String(word.dropFirst()))
    }.joined()
    if name.first?.isNumber != false { name = "_" + name }
    return keywords.contains(name) ? "`\(name)`" : name
  }

  /// Words of Swift, and members of a black box, that ports are called now and then.
  private static let keywords: Set<String> = [
    "as", "break", "case", "catch", "class", "continue", "default", "defer", "do", "else", "enum", "extension", "false",
    "for", "func", "guard", "if", "import", "in", "init", "inout", "internal", "is", "let", "nil", "operator",
    "private", "protocol", "public", "repeat", "return", "self", "static", "struct", "subscript", "super", "switch",
    "throw", "throws", "true", "try", "var", "where", "while",
  ]

  private static func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}
