/// A block as FuseSoC has it: a `.core` file of version 2.
struct FuseSoCCore {
  let identity: ComponentIdentity
  let summary: String
  let toplevel: String
  /// The paths of the Verilog files and of the memory images, as seen from the file.
  let sources, images: [String]
  let board: Board

  /// The file.
  var file: ProjectFile {
    var lines = [
      "CAPI=2:",
      "name: \(Self.quoted("\(identity.vendor):\(identity.library):\(identity.name):\(identity.version)"))",
      "description: \(Self.quoted(summary))",
      "filesets:",
      "  rtl:",
      "    file_type: verilogSource-2005",
      "    files:",
    ]
    lines += sources.map { "      - \(Self.quoted($0))" }
    if !images.isEmpty {
      lines += ["  images:", "    file_type: user", "    files:"]
      lines += images.map { path in
        let name = path.split(separator: "/").last.map(String.init) ?? path
        return "      - \(Self.quoted(path)): {copyto: \(Self.quoted(name))}"
      }
    }
    let filesets = images.isEmpty ? "[rtl]" : "[rtl, images]"
    lines += [
      "targets:", "  default:", "    filesets: \(filesets)", "    toplevel: \(toplevel)",
      "  lint:", "    default_tool: verilator", "    filesets: \(filesets)", "    toplevel: \(toplevel)",
      "    tools:", "      verilator:", "        mode: lint-only", "        verilator_options: [-Wall]",
    ]
    return ProjectFile(identity.name + ".core", lines.joined(separator: "\n") + "\n")
  }

  /// Text as a YAML scalar in double quotes, which are a JSON string's.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\" + String(scalar)
      case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}", "\u{FEFF}":
        let hexadecimal = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - hexadecimal.count) + hexadecimal
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
