import ArgumentParser
import Foundation
import WeftAccelerators
import WeftBoards

/// `weft export`.
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes a project that builds an accelerator for a board, and its drivers.",
    discussion: """
      MODEL may be a plan as well, which names its model: the --plan-out of `weft explore`, or a configuration.json.

      DIR gets the Verilog, its descriptions for tools, scripts that end in a bitstream (`make` runs them), and in \
      software/ a package for Python, with PYNQ or a simulation below it, and a driver in C. A folder of an earlier \
      run is replaced.
      """)

  @OptionGroup var block: BlockOptions
  @Option(name: [.customShort("o"), .long], help: ArgumentHelp("The folder to write.", valueName: "DIR"))
  var output: String
  @Flag(help: "Build the bitstream too, on boards that Yosys and nextpnr build for, and show the clock that it reaches.")
  var build = false
  @Option(help: ArgumentHelp("A folder with the programs that --build takes, before those in PATH.", valueName: "DIR"))
  var tools: String?

  func validate() throws {
    if tools != nil, !build { throw ValidationError("--tools says where programs of --build are; add that option") }
  }

  func run() throws {
    var console = Console()
    let directory = OutputDirectory(output)
    try directory.check()
    let (grid, plan, board) = try block.grid(&console)
    if SerialProject.isMade(for: board) {
      let project = try SerialProject(grid, for: board, baud: block.baud ?? SerialProject.baud)
      let build = build ? try OpenBuild(project.project, in: output, tools: tools) : nil
      try write(plan, to: directory) { try project.project.write(to: $0) }
      print("\(project.description.name) for \(board.title) in \(output): \(grid.cost.multipliers) multipliers")
      print(project.resources.described(on: board.device))
      if let build { try report(build.run(&console), project) } else { sayHowToBuild() }
    } else {
      let project = try AcceleratorProject(grid, for: board, layout: block.layout)
      if build { _ = try OpenBuild(project.project, in: output, tools: tools) }
      try write(plan, to: directory) { try project.write(to: $0) }
      let memory =
        project.parameters.isEmpty ? "" : ", \(project.parameters.count) bytes of weights and biases in memory"
      print(
        "\(project.description.name) for \(board.title) in \(output): \(grid.cost.multipliers) multipliers\(memory)")
      print(project.resources.described(on: board.device))
      sayHowToBuild()
    }
  }

  /// Writes the folder, with the plan from which it can be made again.
  private func write(_ plan: Plan, to directory: OutputDirectory, _ project: (URL) throws -> Void) throws {
    let file = PlanFile(plan, for: try block.said.model, in: URL(fileURLWithPath: output, isDirectory: true))
    try directory.replace { folder in
      try project(folder)
      try file.data.write(to: folder.appendingPathComponent(OutputDirectory.configuration))
    }
  }

  private func sayHowToBuild() {
    print("`make -C \(output)` builds the bitstream; \(output)/software has the drivers")
  }

  /// Says what was built, beside what the model says.
  private func report(_ timing: TimingReport, _ project: SerialProject) throws {
    let isECP5 = project.project.board.family == .ecp5
    print(timing)
    print(
      "\(timing.used(isECP5 ? "MULT18X18D" : "ICESTORM_DSP")) multipliers, the model says \(project.resources.dsp); "
        + "\(timing.used(isECP5 ? "DP16KD" : "ICESTORM_RAM")) block RAMs, the model says "
        + "\(project.resources.ramb18) of 18 Kib")
    print("\(output)/\(project.description.name).bit is the bitstream; \(output)/software has the driver")
    if timing.clocks.contains(where: { !$0.isMet }) { throw ExitCode.failure }
  }
}
