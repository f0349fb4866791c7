import Foundation
import Weft

/// Runs the real tools over emitted Verilog.
public enum LintTools {
  /// What a command said and whether it succeeded.
  public struct Outcome {
    /// The exit status; -1 where the command could not be run.
    public var status: Int32
    /// Everything it printed.
    public var output: String
  }

  /// Whether a tool is on the path; a message names it where it is not.
  public static func has(_ tool: String) -> Bool {
    if run("command -v \(tool)", in: FileManager.default.temporaryDirectory).status == 0 { return true }
    print("skipped: \(tool) is not installed (scripts/setup installs it)")
    return false
  }

  /// Runs a shell command in a folder.
  public static func run(_ command: String, in directory: URL) -> Outcome {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", command + " 2>&1"]
    process.currentDirectoryURL = directory
    let pipe = Pipe()
    process.standardOutput = pipe
    do { try process.run() } catch { return Outcome(status: -1, output: "\(error)") }
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Outcome(status: process.terminationStatus, output: String(decoding: data, as: UTF8.self))
  }

  /// Writes a design into a fresh folder, calls `body` with it and removes it. Where the environment variable
  /// `WEFT_KEEP_VERILOG` names a folder, a copy stays there.
  public static func withFiles<Result>(
    of design: Design, options: VerilogOptions = .init(), _ body: (URL) throws -> Result
  ) throws -> Result {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("weft-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: directory) }
    let verilog = design.verilog(options)
    try verilog.write(to: directory)
    if let kept = ProcessInfo.processInfo.environment["WEFT_KEEP_VERILOG"] {
      try verilog.write(to: "\(kept)/\(design.top.name)-\(directory.lastPathComponent)")
    }
    return try body(directory)
  }

  /// What Verilator, Icarus Verilog and, if asked, Yosys find fault with; empty for a clean design.
  public static func complaints(
    about design: Design, options: VerilogOptions = .init(), yosys: Bool = true
  ) throws -> String {
    let top = design.top.name
    return try withFiles(of: design, options: options) { directory in
      var result = ""
      if has("verilator") {
        let outcome = run("verilator --lint-only -Wall --top-module \(top) -f files.f", in: directory)
        if outcome.status != 0 || !outcome.output.isEmpty { result += outcome.output }
      }
      if has("iverilog") {
        let outcome = run("iverilog -g2005 -Wall -s \(top) -o /dev/null -c files.f", in: directory)
        if outcome.status != 0 || !outcome.output.isEmpty { result += outcome.output }
      }
      if yosys, has("yosys") {
        let script = "read_verilog \(design.modules.map { $0.name + ".v" }.joined(separator: " ")); "
          + "hierarchy -check -top \(top); proc; check -assert"
        let outcome = run("yosys -q -p '\(script)'", in: directory)
        if outcome.status != 0 || !outcome.output.isEmpty { result += outcome.output }
      }
      return result
    }
  }
}
