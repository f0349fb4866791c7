import ArgumentParser
import Foundation
import WeftBoards

/// `weft boards`.
struct Boards: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists the boards that designs are exported to, or shows one.",
    discussion: """
      With --json a board is shown as the file that describes one: copied and changed, it describes a board of your \
      own.
      """)

  @Argument(help: ArgumentHelp("The board to show; all are listed without one.", valueName: "BOARD")) var name: String?
  @Flag(help: "Print JSON.") var json = false

  func run() throws {
    let boards = try name.map { [try Board.named($0)] } ?? Board.known
    if json {
      let data = try name == nil ? Console.json(boards) : Console.json(boards[0])
      print(String(decoding: data, as: UTF8.self))
    } else if name != nil {
      print(boards[0].description)
    } else {
      print(TextTable([Self.titles] + boards.map(Self.row)).lines.joined(separator: "\n"))
    }
  }

  private static let titles = ["board", "part", "tools", "DSPs", "RAMB18s", "LUTs", "MHz", "memory"]

  private static func row(_ board: Board) -> [String] {
    let device = board.device
    return [
      board.name, board.part, board.family.tools.rawValue, "\(device.dsp)", "\(device.ramb18)",
      device.lut.map { "\($0)" } ?? "", "\(Int(device.clock / 1e6))",
      board.memory.map { "\($0.kind), \($0.bytes >> 20) MB" } ?? "",
    ]
  }
}
