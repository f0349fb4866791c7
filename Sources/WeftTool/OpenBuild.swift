import Foundation
import WeftBoards
import WeftSimulation

/// A bitstream that is built with Yosys and nextpnr, a step at a time.
struct OpenBuild {
  private let folder: URL
  private let project: BoardProject
  /// The programs, by the names of the Makefile's variables.
  private let programs: [(variable: String, path: String)]
  private let make: String

  /// The build of a project in a folder.
  ///
  /// - Parameter tools: A folder that is searched for programs before `PATH` is.
  /// - Throws: `ToolError` where a program is missing, or the board's tools are others.
  init(_ project: BoardProject, in folder: String, tools: String?) throws {
    guard project.board.family.tools == .open else {
      throw ToolError(
        "--build takes a board that Yosys and nextpnr build for; `make -C \(folder)` builds for "
          + "'\(project.board.name)' with Vivado")
    }
    self.folder = URL(fileURLWithPath: folder, isDirectory: true)
    self.project = project
    let isECP5 = project.board.family == .ecp5
    let path = (tools.map { $0 + ":" } ?? "") + (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
    func find(_ name: String) throws -> String {
      guard let found = ToolRun.find(name, in: path) ?? ToolRun.find("yowasp-" + name, in: path) else {
        throw ToolError(
          "'\(name)' is missing, which builds for '\(project.board.name)'; Debian and PyPI (yowasp-\(name)) have it, "
            + "and --tools names a folder with it")
      }
      return URL(fileURLWithPath: found).standardizedFileURL.path
    }
    programs = [
      ("YOSYS", try find("yosys")), ("NEXTPNR", try find(isECP5 ? "nextpnr-ecp5" : "nextpnr-ice40")),
      ("PACK", try find(isECP5 ? "ecppack" : "icepack")),
    ]
    make = try find("make")
  }

  /// Builds, and gives what nextpnr reports.
  ///
  /// - Throws: `ToolError` with what a program said where it fails, or the clock is missed.
  func run(_ console: inout Console) throws -> TimingReport {
    let name = project.identity.name
    let routed = name + (project.board.family == .ecp5 ? ".config" : ".asc")
    // Each word is one of the recipe's shell.
    let settings = programs.map { variable, path in
      "\(variable)='\(path.replacing("'", with: "'\\''").replacing("$", with: "$$"))'"
    }
    for (target, step) in [
      (name + ".json", "synthesising with Yosys"), (routed, "placing and routing with nextpnr, which takes minutes"),
      (name + ".bit", "packing the bitstream"),
    ] {
      console.note(step)
      do {
        let run = try ToolRun(make, [target] + settings, in: folder.path)
        let log = folder.appendingPathComponent(target + ".log")
        try Data(run.output.utf8).write(to: log, options: .atomic)
      } catch {
        throw ToolError("\(step): \(error)")
      }
    }
    return try TimingReport(contentsOf: folder.appendingPathComponent("timing.json"))
  }
}
