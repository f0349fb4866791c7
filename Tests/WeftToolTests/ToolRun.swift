import Foundation

/// One run of the built `weft`, or of another program.
struct ToolRun {
  let exitCode: Int32
  let output: String
  let errors: String

  /// Runs the tool to its end.
  init(_ arguments: String..., in folder: URL) throws { try self.init(arguments, in: folder) }

  /// The tool, which is built beside the tests.
  static var weft: URL {
    URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appendingPathComponent("weft")
  }

  init(_ arguments: [String], in folder: URL, program: URL = weft, input: URL? = nil) throws {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.standardInput = try input.map { try FileHandle(forReadingFrom: $0) } ?? FileHandle.nullDevice
    process.currentDirectoryURL = folder
    // Files, since a pipe that nobody reads would stop the tool.
    let out = folder.appendingPathComponent(".out-\(UUID())")
    let err = folder.appendingPathComponent(".err-\(UUID())")
    try Data().write(to: out)
    try Data().write(to: err)
    process.standardOutput = try FileHandle(forWritingTo: out)
    process.standardError = try FileHandle(forWritingTo: err)
    try process.run()
    process.waitUntilExit()
    exitCode = process.terminationStatus
    output = try String(decoding: Data(contentsOf: out), as: UTF8.self)
    errors = try String(decoding: Data(contentsOf: err), as: UTF8.self)
    try FileManager.default.removeItem(at: out)
    try FileManager.default.removeItem(at: err)
  }

  /// The output as a JSON object.
  var json: [String: Any] {
    get throws { try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any] ?? [:] }
  }
}
