import Foundation
import WeftSimulation

/// Outside tools.
enum Shell {
  /// Runs a command in a folder and gives what it prints.
  ///
  /// - Throws: ``SimulationError`` with the command's own message where it fails.
  @discardableResult
  static func run(_ command: String, in folder: URL) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", command + " 2>&1"]
    process.currentDirectoryURL = folder
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw SimulationError(
        "`\(command.prefix(80))` failed with exit code \(process.terminationStatus):\n\(output.suffix(2000))")
    }
    return output
  }

  /// Calls `body` with a fresh folder, which is removed afterwards.
  static func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("weft-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
  }
}
