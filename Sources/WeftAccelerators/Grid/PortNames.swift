import Weft

/// Makes names that Verilog can have of the names that a model gives its tensors, which may be any text.
enum PortNames {
  /// `name` with everything but letters, digits and underscores left out.
  static func identifier(_ name: String, fallback: String) -> String {
    var result = ""
    for character in name.unicodeScalars.prefix(200) {
      switch character {
      case "a"..."z", "A"..."Z", "0"..."9": result.unicodeScalars.append(character)
      default: if !result.isEmpty, !result.hasSuffix("_") { result += "_" }
      }
    }
    while result.hasSuffix("_") { result.removeLast() }
    guard let first = result.unicodeScalars.first else { return fallback }
    if ("0"..."9").contains(first) { result = "\(fallback)_\(result)" }
    return VerilogNames.problem(with: result) == nil ? result : "\(fallback)_\(result)"
  }

  /// Such names, each once; a repeated one gets its position.
  static func unique(_ names: [String]) -> [String] {
    var taken: Set<String> = []
    return names.enumerated().map { position, name in
      var candidate = identifier(name, fallback: "port")
      while !taken.insert(candidate).inserted { candidate += "_\(position)" }
      return candidate
    }
  }
}
