import WeftAccelerators
import WeftExploration

/// What an accelerator takes of its board's device, by the models of its grid and of what stands around it.
public struct AcceleratorResources: Hashable, Sendable {
  /// What the stages and the queues between them take.
  public var grid: Resources
  /// Block RAMs of 18 Kib in the buffers between them and the board.
  public var bufferRAMs: Int

  /// The resources of a block on a device.
  public init<Unit: StageUnit>(_ block: AcceleratorBlock<Unit>, on device: Device) {
    self.init(block.grid, bufferRAMs: BlockCost(block).ramb18, on: device)
  }

  /// The resources of an accelerator behind a serial line.
  public init<Unit: StageUnit>(_ accelerator: SerialAccelerator<Unit>, on device: Device) {
    self.init(accelerator.grid, bufferRAMs: accelerator.bufferRAMs, on: device)
  }

  private init<Unit: StageUnit>(_ grid: Grid<Unit>, bufferRAMs: Int, on device: Device) {
    self.grid = PlanFigures(grid.stages, queues: grid.queues, on: device).resources
    self.bufferRAMs = bufferRAMs
  }

  /// DSPs.
  public var dsp: Int { grid.dsp }
  /// Block RAMs of 18 Kib.
  public var ramb18: Int { grid.ramb18 + bufferRAMs }

  /// Checks that a board's device has all that.
  ///
  /// - Parameter name: The name of the design.
  /// - Throws: `BoardError` that names what is missing, and the cure.
  func check(_ name: String, on board: Board) throws(BoardError) {
    guard dsp <= board.device.dsp else {
      throw BoardError(
        "'\(name)' takes \(dsp) DSPs, but the board '\(board.name)' has \(board.device.dsp); give it fewer multipliers, "
          + "or choose another of `weft boards`")
    }
    guard ramb18 <= board.device.ramb18 else {
      throw BoardError(
        "'\(name)' takes \(ramb18) block RAMs of 18 Kib, \(grid.ramb18) in its stages and \(bufferRAMs) in the "
          + "buffers around them, but the board '\(board.name)' has \(board.device.ramb18); give it fewer multipliers, "
          + "have its weights in external memory, or choose another of `weft boards`")
    }
  }

  /// As a person reads it beside what a device has.
  public func described(on device: Device) -> String {
    "\(dsp) of \(device.dsp) DSPs, \(ramb18) of \(device.ramb18) block RAMs of 18 Kib (\(grid.ramb18) in stages, "
      + "\(bufferRAMs) in the buffers around them)"
  }
}
