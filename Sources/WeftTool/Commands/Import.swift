import ArgumentParser
import Foundation
import WeftSimulation

/// `weft import`.
struct Import: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes a Swift black box for a module of existing Verilog.",
    discussion: """
      Yosys reads the files and tells the module's ports, with their widths under the parameters that are given. Name \
      its clock and reset with --clock and --reset; they are then connected to the main domain's.
      """)

  @Argument(help: ArgumentHelp("The Verilog that defines the module.", valueName: "FILE.v"))
  var files: [String]
  @Option(name: .shortAndLong, help: "The module; needed where the files define several.")
  var module: String?
  @Option(
    name: [.customShort("P"), .customLong("parameter")],
    help: ArgumentHelp("A parameter's value. May be repeated.", valueName: "NAME=VALUE"))
  var parameters: [String] = []
  @Option(help: "The module's clock port.")
  var clock: String?
  @Option(help: "The module's reset port, active at one.")
  var reset: String?
  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("The file to write; standard output without it.", valueName: "FILE.swift"))
  var output: String?

  func run() throws {
    for file in files where !FileManager.default.isReadableFile(atPath: file) {
      throw ToolError("'\(file)' cannot be read")
    }
    let values = try parameters.map { text -> (name: String, value: String) in
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, VerilogModulePorts.isIdentifier(parts[0]) else {
        throw ToolError("'\(text)' is no parameter; write NAME=VALUE")
      }
      return (parts[0], parts[1])
    }
    let ports = try VerilogModulePorts(files: files, module: module, parameters: values)
    for port in [clock, reset].compactMap({ $0 }) where !ports.ports.contains(where: { $0.name == port }) {
      let names = ports.ports.map(\.name).joined(separator: ", ")
      throw ToolError("the module '\(ports.name)' has no port '\(port)'; it has \(names)")
    }
    if reset != nil, clock == nil {
      throw ToolError("--reset names a port of a clock domain; name the clock with --clock")
    }
    let text = BlackBoxSource(ports, files: files, parameters: values, clock: clock, reset: reset).text
    guard let output else { return print(text, terminator: "") }
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: output), options: .atomic)
    } catch {
      throw ToolError("'\(output)' cannot be written: \(error.localizedDescription)")
    }
  }
}
