import Foundation

/// One run of an outside tool, to its end.
struct ToolRun {
  /// What the tool wrote to standard output and standard error.
  let output: String

  /// Runs `executable` and waits for it. The output goes through a file, so that no amount of it can block the tool.
  ///
  /// - Throws: ``SimulationError`` with the tool's own message where it fails or is killed.
  init(_ executable: String, _ arguments: [String], in directory: String? = nil) throws {
    self = try Self.running(executable, arguments, in: directory).finish()
  }

  /// A tool that has been started.
  struct Running {
    fileprivate let process: Process
    fileprivate let log: URL
    fileprivate let name: String

    /// Waits for the end.
    func finish() throws -> ToolRun {
      process.waitUntilExit()
      defer { try? FileManager.default.removeItem(at: log) }
      let output = String(decoding: (try? Data(contentsOf: log)) ?? Data(), as: UTF8.self)
      guard process.terminationReason == .exit else {
        throw SimulationError(
          "\(name) was stopped by signal \(process.terminationStatus) before it was done; the build can be repeated"
            + Self.quote(output))
      }
      guard process.terminationStatus == 0 else {
        throw SimulationError("\(name) failed with exit code \(process.terminationStatus)" + Self.quote(output))
      }
      return ToolRun(output: output)
    }

    private static func quote(_ output: String) -> String {
      let text = output.trimmingCharacters(in: .whitespacesAndNewlines)
      guard !text.isEmpty else { return "." }
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      let shown = lines.prefix(40).joined(separator: "\n")
      return ":\n" + shown + (lines.count > 40 ? "\n… and \(lines.count - 40) lines more" : "")
    }
  }

  private init(output: String) { self.output = output }

  /// Starts `executable` and returns at once.
  static func running(_ executable: String, _ arguments: [String], in directory: String? = nil) throws -> Running {
    let name = URL(fileURLWithPath: executable).lastPathComponent
    let log = FileManager.default.temporaryDirectory.appendingPathComponent("weft-\(name)-\(UUID().uuidString).log")
    guard FileManager.default.createFile(atPath: log.path, contents: nil),
      let handle = FileHandle(forWritingAtPath: log.path)
    else {
      throw SimulationError(
        "cannot write the messages of \(name) to \(log.path); is the disk full? TMPDIR names another place for them")
    }
    defer { try? handle.close() }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    if let directory { process.currentDirectoryURL = URL(fileURLWithPath: directory) }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = handle
    process.standardError = handle
    do {
      try process.run()
    } catch {
      try? FileManager.default.removeItem(at: log)
      throw SimulationError("cannot run \(executable): \(error.localizedDescription)")
    }
    return Running(process: process, log: log, name: name)
  }
}
