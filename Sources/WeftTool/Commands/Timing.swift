import ArgumentParser
import Foundation
import WeftBoards

/// `weft timing`.
struct Timing: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows the clock that nextpnr reached, what a design uses, and its slowest paths.",
    discussion: "The command fails where a clock is slower than was asked for.")

  @Argument(help: ArgumentHelp("The report that nextpnr wrote with --report.", valueName: "REPORT.json"))
  var report: String

  func run() throws {
    let report = try TimingReport(contentsOf: URL(fileURLWithPath: report))
    print(report)
    if report.clocks.contains(where: { !$0.isMet }) { throw ExitCode.failure }
  }
}
