import WeftAccelerators
import WeftNetworks
import WeftSimulation

/// The comparison of an accelerator's own netlist with the integer reference: every value of every output of every
/// frame.
public struct Verification: Sendable {
  /// What the hardware gave.
  public let run: GridRun
  /// What the reference gave: for each frame the codes of every output.
  public let reference: [[[Int32]]]
  /// The figures.
  public let report: VerificationReport

  /// Runs frames through a grid and through the reference and compares the results.
  ///
  /// - Parameters:
  ///   - grid: The accelerator.
  ///   - reference: What it is compared with, normally the network that the grid was made for.
  ///   - frames: For each frame the codes of every input, in channel, row, column order.
  ///   - engine: What simulates the grid.
  ///   - stalls: The seed of random stalls at every port; `nil` for none.
  ///   - nominalMACs: Multiply-accumulates of a frame of the network as it was written; those of the layers where none
  ///     are given.
  ///   - progress: Is told from time to time how far the simulation is.
  /// - Throws: What ``GridSimulation/run(_:progress:)`` throws.
  public init<Unit: StageUnit>(
    of grid: Grid<Unit>, against reference: QuantizedNetwork, frames: [[[Int32]]], engine: EngineKind,
    stalls: UInt64? = nil, nominalMACs: Int? = nil, progress: (RunProgress) -> Void = { _ in }
  ) throws {
    let executor = try ReferenceExecutor(reference)
    let expected = try frames.map(executor.run)
    let run = try GridSimulation(grid, engine: engine, stalls: stalls).run(frames, progress: progress)
    var (compared, mismatches) = (0, 0)
    var first: Mismatch?
    for (frame, (hardware, wanted)) in zip(run.outputs, expected).enumerated() {
      for output in hardware.indices {
        compared += wanted[output].count
        let different = zip(hardware[output], wanted[output]).count { $0 != $1 }
        mismatches += different
        if different > 0, first == nil {
          first = Mismatch(
            frame: frame, output: output, of: grid.network, hardware: hardware[output], reference: wanted[output])
        }
      }
    }
    self.run = run
    self.reference = expected
    report = VerificationReport(
      comparedValues: compared, mismatches: mismatches, firstMismatch: first, frames: frames.count,
      engine: engine.isVerilator ? "verilator" : "interpreter", latencyCycles: run.latencyCycles,
      cyclesPerFrame: stalls == nil ? run.cyclesPerFrame : nil, cost: grid.cost,
      nominalMACs: nominalMACs ?? reference.macs)
  }
}

extension EngineKind {
  fileprivate var isVerilator: Bool {
    if case .verilator = self { true } else { false }
  }
}
