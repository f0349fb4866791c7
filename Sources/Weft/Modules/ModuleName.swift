/// Names modules in Verilog after their Swift type and parameters, and nothing else.
enum ModuleName {
  /// The longest name that spells out the parameters.
  private static let longest = 60

  /// The name of a module on its own: the type and the parameters, shortened to a code where they are long.
  static func short(_ module: any Module) -> String {
    if let name = module.verilogName { return name }
    let type = identifier(typeName(Swift.type(of: module), qualified: false))
    let parameters = Mirror(reflecting: module).children.map { identifier(spell($0.value)) }.filter { !$0.isEmpty }
    let name = ([type] + parameters).joined(separator: "_")
    return name.utf8.count <= longest ? name : "\(type.prefix(longest))_\(code(of: module))"
  }

  /// A code made from everything that tells a module from others: the full type name and all parameters.
  static func code(of module: any Module) -> String {
    var hash = FNV1a()
    for byte in (typeName(Swift.type(of: module), qualified: true) + full(module)).utf8 { hash.combine(byte: byte) }
    return hash.hexadecimal
  }

  /// The module as Swift writes it, with its parameters.
  static func summary(_ module: any Module) -> String {
    let parameters = Mirror(reflecting: module).children.map { "\($0.label ?? ""): \(brief($0.value))" }
    return typeName(Swift.type(of: module), qualified: false) + "(" + parameters.joined(separator: ", ") + ")"
  }

  private static func typeName(_ type: Any.Type, qualified: Bool) -> String {
    qualified ? String(reflecting: type) : String(describing: type)
  }

  private static func brief(_ value: Any) -> String {
    let text = (value as? any ShapeParameter).map { "\($0)" } ?? full(value, upTo: 41)
    return text.utf8.count <= 40 ? text : "\(text.prefix(36)) ..."
  }

  /// A parameter as part of a name.
  private static func spell(_ value: Any) -> String {
    switch value {
    case let layout as any ShapeParameter: return layout.parameterName
    case let truth as Bool: return truth ? "on" : "off"
    case let number as any BinaryInteger:
      let text = "\(number)"
      return text.hasPrefix("-") ? "m\(text.dropFirst())" : text
    default: return full(value)
    }
  }

  /// A value written out, the same in every process; of a long text at least the first `limit` bytes.
  private static func full(_ value: Any, upTo limit: Int = .max) -> String {
    var text = ""
    write(value, to: &text, upTo: limit)
    return text
  }

  private static func write(_ value: Any, to text: inout String, upTo limit: Int) {
    if text.utf8.count >= limit { return }
    let mirror = Mirror(reflecting: value)
    /// Writes the children one after the other, no further than anybody reads.
    func list(_ first: String, _ last: String, isLabelled: Bool) {
      text += first
      for (index, child) in mirror.children.enumerated() {
        if text.utf8.count >= limit { return }
        if index > 0 { text += "," }
        if isLabelled { text += "\(child.label ?? "")=" }
        write(child.value, to: &text, upTo: limit)
      }
      text += last
    }
    switch mirror.displayStyle {
    case .collection: list("[", "]", isLabelled: false)
    case .set, .dictionary:
      text += "[" + mirror.children.map { full($0.value) }.sorted().joined(separator: ",") + "]"
    case .optional:
      if let child = mirror.children.first { write(child.value, to: &text, upTo: limit) } else { text += "none" }
    case .struct where mirror.children.isEmpty && !(value is any BinaryInteger) && !(value is any BinaryFloatingPoint):
      text += "\(value)"
    case .struct, .tuple, .class: list("(", ")", isLabelled: true)
    case .enum:
      guard let payload = mirror.children.first else {
        text += "\(value)"
        return
      }
      text += "\(payload.label ?? "")("
      write(payload.value, to: &text, upTo: limit)
      text += ")"
    default: text += "\(value)"
    }
  }

  /// Letters, digits and single underscores.
  private static func identifier(_ text: String) -> String {
    var result = ""
    for character in text.unicodeScalars {
      let isAllowed = character.isASCII && (character.properties.isAlphabetic || ("0"..."9").contains(character))
      if isAllowed { result.unicodeScalars.append(character) } else if !result.hasSuffix("_") { result += "_" }
    }
    while result.hasSuffix("_") { result.removeLast() }
    if let first = result.unicodeScalars.first, ("0"..."9").contains(first) { return result }
    return result.hasPrefix("_") ? String(result.dropFirst()) : result
  }
}

/// A shape as a part of a module's name.
private protocol ShapeParameter {
  var parameterName: String { get }
}

extension Shape: ShapeParameter {
  fileprivate var parameterName: String { layout.shortName }
}

extension Layout {
  fileprivate var shortName: String {
    switch self {
    case .bit: "bit"
    case .bits(let width): "b\(width)"
    case .unsigned(let width): "u\(width)"
    case .signed(let width): "s\(width)"
    case .fixed(let integer, let fraction): "q\(integer)_\(fraction)"
    case .choice(let choice): choice.name
    case .vector(let count, let element): "\(count)x\(element.shortName)"
    case .bundle(let fields): fields.map { "\($0.name)_\($0.layout.shortName)" }.joined(separator: "_")
    }
  }
}
