import Dispatch
import Foundation
import Synchronization

/// One run of an outside tool, to its end.
package struct ToolRun {
  /// What the tool wrote to standard output and standard error.
  package let output: String

  /// Runs `executable` and waits for it. The output goes through a file, so that no amount of it can block the tool.
  ///
  /// - Throws: ``SimulationError`` with the tool's own message where it fails or is killed.
  package init(_ executable: String, _ arguments: [String], in directory: String? = nil) throws {
    let name = URL(fileURLWithPath: executable).lastPathComponent
    let log = FileManager.default.temporaryDirectory.appendingPathComponent("weft-\(name)-\(UUID().uuidString).log")
    guard FileManager.default.createFile(atPath: log.path, contents: nil),
      let handle = FileHandle(forWritingAtPath: log.path)
    else {
      throw SimulationError(
        "cannot write the messages of \(name) to \(log.path); is the disk full? TMPDIR names another place for them")
    }
    defer { try? FileManager.default.removeItem(at: log) }
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
      throw SimulationError("cannot run \(executable): \(FileProblem.reason(error))")
    }
    process.waitUntilExit()
    try? handle.close()
    output = String(decoding: (try? Data(contentsOf: log)) ?? Data(), as: UTF8.self)
    guard process.terminationReason == .exit else {
      throw SimulationError(
        "\(name) was stopped by signal \(process.terminationStatus) before it was done; the build can be repeated"
          + Self.quote(output))
    }
    guard process.terminationStatus == 0 else {
      throw SimulationError("\(name) failed with exit code \(process.terminationStatus)" + Self.quote(output))
    }
  }

  /// The file of a tool that one of these folders has, by default those of `PATH`.
  package static func find(_ name: String, in path: String? = nil) -> String? {
    let path = path ?? ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
    return path.split(separator: ":").map { "\($0)/\(name)" }
      .first(where: FileManager.default.isExecutableFile(atPath:))
  }

  /// Runs `executable` once for each list of arguments, as many at a time as there are processors, and throws the first
  /// error.
  ///
  /// - Parameter retry: The arguments with which a run that failed is tried once more, where they differ.
  static func all(
    _ executable: String, _ jobs: [[String]], in directory: String, retry: ([String]) -> [String] = { $0 }
  ) throws {
    let retries = jobs.map(retry)
    let errors = Mutex<[any Error]>([])
    DispatchQueue.concurrentPerform(iterations: jobs.count) { index in
      guard errors.withLock({ $0.isEmpty }) else { return }
      do {
        do { _ = try ToolRun(executable, jobs[index], in: directory) } catch {
          guard retries[index] != jobs[index] else { throw error }
          _ = try ToolRun(executable, retries[index], in: directory)
        }
      } catch { errors.withLock { $0.append(error) } }
    }
    if let error = errors.withLock({ $0.first }) { throw error }
  }

  /// What a tool said, shortened, as the end of a sentence.
  private static func quote(_ output: String) -> String {
    let lines = output.trimmingCharacters(in: .whitespacesAndNewlines).split(
      separator: "\n", omittingEmptySubsequences: false)
    if lines.isEmpty { return "." }
    return ":\n" + lines.prefix(40).joined(separator: "\n")
      + (lines.count > 40 ? "\n… and \(lines.count - 40) lines more" : "")
  }
}
