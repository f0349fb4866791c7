import WeftAccelerators
import WeftExploration

/// What an accelerator takes of its board's device, by the models of its grid and of its block.
public struct AcceleratorResources: Hashable, Sendable {
  /// What the stages and the queues between them take.
  public var grid: Resources
  /// What the block around them takes.
  public var block: BlockCost

  /// The resources of a block on a device.
  public init<Unit: StageUnit>(_ block: AcceleratorBlock<Unit>, on device: Device) {
    grid = PlanFigures(block.grid.stages, queues: block.grid.queues, on: device).resources
    self.block = BlockCost(block)
  }

  /// DSPs.
  public var dsp: Int { grid.dsp }
  /// Block RAMs of 18 Kib.
  public var ramb18: Int { grid.ramb18 + block.ramb18 }

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
        "'\(name)' takes \(ramb18) block RAMs of 18 Kib, \(grid.ramb18) in its stages and \(block.ramb18) in the "
          + "buffers at its buses, but the board '\(board.name)' has \(board.device.ramb18); give it fewer multipliers, "
          + "have its weights in external memory, or choose another of `weft boards`")
    }
  }

  /// As a person reads it beside what a device has.
  public func described(on device: Device) -> String {
    "\(dsp) of \(device.dsp) DSPs, \(ramb18) of \(device.ramb18) block RAMs of 18 Kib (\(grid.ramb18) in stages, "
      + "\(block.ramb18) in the buffers of the block)"
  }
}
