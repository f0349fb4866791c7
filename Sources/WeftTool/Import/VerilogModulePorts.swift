import Foundation
import WeftSimulation

/// The ports of a module of existing Verilog, as Yosys reads it.
struct VerilogModulePorts {
  /// One port.
  struct Port {
    var name: String
    var isInput: Bool
    var width: Int
    var isSigned: Bool
  }

  /// The module's name.
  let name: String
  /// Its ports, in the order of its port list.
  let ports: [Port]

  /// Whether a text is a plain Verilog identifier.
  static func isIdentifier(_ text: String) -> Bool {
    guard let first = text.first, first.isLetter || first == "_" else { return false }
    return text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "$") }
  }

  /// Reads `module` of the files under parameters; without a name, the only module there is.
  ///
  /// - Throws: `ToolError` for what the module cannot be as a black box, `SimulationError` with Yosys' own message.
  init(files: [String], module: String?, parameters: [(name: String, value: String)]) throws {
    guard let yosys = ToolRun.find("yosys") else {
      throw ToolError("yosys, which reads the Verilog, is not installed; `apt-get install yosys` installs it")
    }
    if let module, !Self.isIdentifier(module) { throw ToolError("'\(module)' is no name of a module") }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("weft-import-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (index, file) in files.enumerated() {
      try FileManager.default.copyItem(
        at: URL(fileURLWithPath: file).resolvingSymlinksInPath(), to: folder.appendingPathComponent("\(index).v"))
    }
    let read = files.indices.map { "read_verilog -sv \($0).v" }
    let defined = try Self.modules(yosys, read + ["proc", "write_json ports.json"], folder)
    guard let name = module ?? (defined.count == 1 ? defined.keys.first : nil) else {
      throw ToolError("the files define \(defined.keys.sorted().joined(separator: ", ")); name one with --module")
    }
    guard defined[name] != nil else {
      throw ToolError("the files define no module '\(name)', but \(defined.keys.sorted().joined(separator: ", "))")
    }
    let set = parameters.map { "chparam -set \($0.name) \($0.value) \(name)" }
    let elaborate = ["hierarchy -top \(name)", "proc", "write_json ports.json"]
    let derived = try Self.modules(yosys, read + set + elaborate, folder)
    guard let found = derived[name] ?? derived.first(where: { $0.key.hasSuffix("\\" + name) })?.value else {
      throw ToolError("the parameters do not fit the module '\(name)'")
    }
    self.name = name
    ports = try found.ports.map { port, description in
      guard description.direction != "inout" else {
        throw ToolError("the port '\(port)' of '\(name)' is inout, which a black box cannot have")
      }
      return (Port(
        name: port, isInput: description.direction == "input", width: description.bits.count,
        isSigned: description.signed == 1), description.bits.first.flatMap(\.number) ?? .max)
    }.sorted { ($0.1, $0.0.name) < ($1.1, $1.0.name) }.map(\.0)
  }

  /// What Yosys writes of a design.
  private struct Report: Decodable {
    var modules: [String: Module]

    struct Module: Decodable { var ports: [String: Port] }

    struct Port: Decodable {
      var direction: String
      var bits: [Bit]
      var signed: Int?
    }

    /// The number of a net, or a constant.
    struct Bit: Decodable {
      var number: Int?
      init(from decoder: any Decoder) throws { number = try? decoder.singleValueContainer().decode(Int.self) }
    }
  }

  private static func modules(_ yosys: String, _ commands: [String], _ folder: URL) throws -> [String: Report.Module] {
    try Data((commands.joined(separator: "\n") + "\n").utf8).write(to: folder.appendingPathComponent("import.ys"))
    _ = try ToolRun(yosys, ["-q", "-s", "import.ys"], in: folder.path)
    let text = try Data(contentsOf: folder.appendingPathComponent("ports.json"))
    return try JSONDecoder().decode(Report.self, from: text).modules
  }
}
