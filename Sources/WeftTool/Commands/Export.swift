import ArgumentParser
import Foundation
import WeftBoards

/// `weft export`.
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes a project that builds an accelerator for a board, and its drivers.",
    discussion: """
      DIR gets the Verilog, its descriptions for tools, scripts that end in a bitstream (`make` runs them), and in \
      software/ a package for Python, with PYNQ or a simulation below it, and a driver in C. A folder of an earlier \
      run is replaced.
      """)

  @OptionGroup var block: BlockOptions
  @Option(name: [.customShort("o"), .long], help: ArgumentHelp("The folder to write.", valueName: "DIR"))
  var output: String

  func run() throws {
    var console = Console()
    let directory = OutputDirectory(output)
    try directory.check()
    let (grid, plan, board) = try block.grid(&console)
    let project = try AcceleratorProject(grid, for: board, layout: block.layout)
    try directory.replace { folder in
      try project.write(to: folder)
      try (Console.json(plan) + Data("\n".utf8)).write(to: folder.appendingPathComponent(OutputDirectory.configuration))
    }
    let memory = project.parameters.isEmpty ? "" : ", \(project.parameters.count) bytes of weights and biases in memory"
    print("\(project.description.name) for \(board.title) in \(output): \(grid.cost.multipliers) multipliers\(memory)")
    print(project.resources.described(on: board.device))
    print("`make -C \(output)` builds the bitstream; \(output)/software has the drivers")
  }
}
