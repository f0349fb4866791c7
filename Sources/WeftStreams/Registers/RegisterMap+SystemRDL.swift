extension RegisterMap {
  /// The name of the SystemRDL file: `engine.rdl`.
  public var systemRDLName: String { name + ".rdl" }

  /// The map in SystemRDL 2.0 (Accellera), one `addrmap`.
  ///
  /// - Throws: ``RegisterMapError`` for a map with ``problems``.
  public func systemRDL() throws(RegisterMapError) -> String {
    try checked()
    var text = "addrmap \(name) {\n"
    text += Self.description(description, indentation: "  ")
    text += "  littleendian;\n  default regwidth = \(wordWidth);\n  default accesswidth = \(wordWidth);\n"
    for register in registers { text += "\n" + systemRDL(of: register) }
    let interrupts = registers.flatMap { register in
      register.interruptEnable.map { enable in
        register.fields.map { "  \(register.name).\($0.name)->enable = \(enable).\($0.name);\n" }
      } ?? []
    }
    if !interrupts.isEmpty { text += "\n" + interrupts.joined() }
    return text + "};\n"
  }

  private func systemRDL(of register: Register) -> String {
    var text = "  reg {\n" + Self.description(register.description, indentation: "    ")
    for field in register.fields {
      let encoding = field.values.isEmpty ? nil : "\(field.name)_values"
      if let encoding {
        let values = field.values.map { "      \($0.name) = \(Self.number(field.pattern(of: $0.number), field));\n" }
        text += "    enum \(encoding) {\n" + values.joined() + "    };\n"
      }
      text += "    field {\n" + Self.description(field.description, indentation: "      ")
      var properties = Self.properties(of: field)
      if register.interruptEnable != nil { properties.append("intr") }
      if let encoding { properties.append("encode = \(encoding)") }
      text += properties.map { "      \($0);\n" }.joined()
      text += "    } \(field.name)[\(field.lowBit + field.width - 1):\(field.lowBit)]"
      text += field.access == .readOnly ? ";\n" : " = \(Self.number(field.resetBits, field));\n"
    }
    text += "  } \(register.name)" + (register.count.map { "[\($0)]" } ?? "")
    text += " @ \(UInt64(register.offset).hexadecimal(bits: 16))"
    return text + (register.count == nil ? ";\n" : " += \(UInt64(register.stride).hexadecimal(bits: 0));\n")
  }

  private static func description(_ text: String, indentation: String) -> String {
    text.isEmpty ? "" : "\(indentation)desc = \(RegisterText.systemRDL(text));\n"
  }

  private static func number(_ bits: UInt64, _ field: Register.Field) -> String { "\(field.width)'d\(bits)" }

  /// What software and the hardware do with a field.
  private static func properties(of field: Register.Field) -> [String] {
    switch field.access {
    case .readWrite: ["sw = rw", "hw = r"]
    case .readOnly: ["sw = r", "hw = w"]
    case .writeOnly: ["sw = w", "hw = r"]
    case .writeOneToClear: ["sw = rw", "hw = r", "onwrite = woclr", "hwset"]
    case .writeOneToSet: ["sw = rw", "hw = r", "onwrite = woset", "hwclr"]
    case .readToClear: ["sw = r", "hw = r", "onread = rclr", "hwset"]
    case .writePulse where field.width == 1: ["sw = w", "hw = r", "singlepulse"]
    case .writePulse: ["sw = w", "hw = r", "swmod"]
    }
  }
}
