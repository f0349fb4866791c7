import Foundation
import Weft
import WeftAccelerators

/// A project that builds an accelerator for a board with nothing but a serial line to it, with the driver that runs it.
///
/// ```swift
/// let project = try SerialProject(grid, for: .ecp5Evaluation)
/// try project.project.write(to: "decoder")
/// ```
public struct SerialProject: Hashable, Sendable {
  /// Verilog, scripts and driver.
  public let project: BoardProject
  /// What the driver knows of the accelerator.
  public let description: SerialDescription
  /// What the accelerator takes of the board's device.
  public let resources: AcceleratorResources

  /// Bits a second on the line, unless another number is asked for.
  public static let baud = 1_000_000
  /// The part by which the line's speed may be off.
  private static let tolerance = 0.02

  /// A project for a grid behind a serial line, at the clock that the board is designed for.
  ///
  /// - Parameters:
  ///   - baud: Bits a second on the line.
  ///   - summary: A sentence for people.
  /// - Throws: `BoardError` where the board has no place for it, `PlanError` where the plan needs external memory,
  ///   `ElaborationError` where the design has a mistake.
  public init<Unit: StageUnit>(
    _ grid: Grid<Unit>, for board: Board, baud: Int = baud, summary: String? = nil
  ) throws {
    let accelerator = try SerialAccelerator(grid, settings: try Self.settings(for: board, baud: baud))
    resources = AcceleratorResources(accelerator, on: board.device)
    try resources.check(accelerator.verilogName ?? "accelerator", on: board)
    let project = try BoardProject(
      Design(accelerator), for: board, summary: summary, clock: board.device.clock)
    let description = SerialDescription(accelerator, name: project.identity.name, baud: baud)
    self.description = description
    self.project = project.replacingFiles(project.files + Self.driver(description))
  }

  /// Whether a board is one for accelerators behind a serial line: it has that line and no memory.
  public static func isMade(for board: Board) -> Bool {
    board.memory == nil && board.family.tools == .open && board.pins["uart_rx"] != nil && board.pins["uart_tx"] != nil
  }

  /// What the line is like at a board's clock.
  ///
  /// - Throws: `BoardError` where the board has no line, or no clock that such a line goes with.
  public static func settings(for board: Board, baud: Int = baud) throws(BoardError) -> SerialSettings {
    guard isMade(for: board) else {
      throw BoardError("the board '\(board.name)' has no pins uart_rx and uart_tx, over which an accelerator is run")
    }
    let clock = try ClockSource(board, frequency: board.device.clock).frequency
    let cycles = max(1, (clock / Double(max(1, baud))).rounded())
    guard cycles >= 4, abs(clock / cycles / Double(baud) - 1) <= Self.tolerance else {
      throw BoardError(
        "a line of \(baud) bits a second does not go with a clock of \(clock / 1e6) MHz; choose another speed, such as "
          + "\(Int(clock / max(4, cycles)))")
    }
    // The clock of an ECP5 is let through once it is steady.
    return SerialSettings(cyclesPerBit: Int(cycles), resetsGrid: board.family != .ecp5)
  }

  private static func driver(_ description: SerialDescription) -> [ProjectFile] {
    let package = "weft_" + description.name.lowercased()
    let folder = "software/python/\(package)/"
    func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
    return [
      ProjectFile(folder + "__init__.py", "from .driver import Accelerator, AcceleratorError\n"),
      ProjectFile(folder + "driver.py", text(PackageResources.serial_driver_py)),
      ProjectFile(folder + "tensor.py", text(PackageResources.tensor_py)),
      ProjectFile(folder + "lines.py", text(PackageResources.lines_py)),
      ProjectFile(folder + "description.json", description.json),
      ProjectFile(
        "software/python/pyproject.toml",
        AcceleratorProject.pyproject(package, dependencies: ["numpy", "pyserial"])),
    ]
  }
}
