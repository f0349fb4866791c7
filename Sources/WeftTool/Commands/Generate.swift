import ArgumentParser
import Foundation
import Weft
import WeftAccelerators
import WeftNetworks

/// `weft generate`.
struct Generate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes the accelerator for a network in Verilog.",
    discussion: """
      DIR gets one Verilog file per module, their list files.f, memory images, configuration.json, which reproduces \
      the run, and report.txt. A folder of an earlier run is replaced.
      """)

  @OptionGroup var model: ModelOptions
  @Option(name: [.customShort("o"), .long], help: ArgumentHelp("The folder to write.", valueName: "DIR"))
  var output: String
  @OptionGroup var plan: PlanOptions

  func run() throws {
    var console = Console()
    let directory = OutputDirectory(output)
    try directory.check()
    let network = try model.network()
    let quantized = try model.quantized(network, inputs: nil, console: &console)
    let plan = try plan.plan(for: quantized)
    let grid = try ElasticGrid(plan.replicated(quantized), plan: plan)
    let verilog = try Design(grid).verilog()
    try directory.replace { folder in
      try verilog.write(to: folder)
      let file = PlanFile(plan, for: model, in: URL(fileURLWithPath: output, isDirectory: true))
      try file.data.write(to: folder.appendingPathComponent(OutputDirectory.configuration))
      let macs = NetworkAnalysis(network).macs(batches: plan.frames)
      let report = GridReport(grid, nominalMACs: macs, bitOptions: model.bitOptions)
      try Data(report.text.utf8).write(to: folder.appendingPathComponent("report.txt"))
    }
    print(
      "\(verilog.modules.count) modules, \(verilog.images.count) memory images, \(grid.cost.multipliers) multipliers "
        + "in \(output)")
  }
}
