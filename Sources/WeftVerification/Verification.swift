import WeftAccelerators
import WeftNetworks
import WeftSimulation

/// The comparison of an accelerator's own netlist with the integer reference: every value of every output of every
/// frame. Where they differ, the grid runs once more with every layer's result as an output, to find the first that
/// does.
public struct Verification: Sendable {
  /// What the hardware gave.
  public let run: GridRun
  /// What the reference gave: for each frame the codes of every output that the grid gives too.
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
  ///   - outputStall: An output that takes nothing for a while; `nil` for none.
  ///   - memory: How fast the external memory is; `nil` as ``GridSimulation`` has it.
  ///   - nominalMACs: Multiply-accumulates of a pass of the network as it was written; those of the layers where none
  ///     are given.
  ///   - progress: Is told from time to time how far the simulation is.
  /// - Throws: What ``GridSimulation/run(_:progress:)`` throws.
  public init<Unit: StageUnit>(
    of grid: Grid<Unit>, against reference: QuantizedNetwork, frames: [[[Int32]]], engine: EngineKind,
    stalls: UInt64? = nil, outputStall: OutputStall? = nil, memory: MemoryTiming? = nil, nominalMACs: Int? = nil,
    progress: (RunProgress) -> Void = { _ in }
  ) throws {
    let executor = try ReferenceExecutor(reference)
    let expected = grid.given(try frames.map(executor.run))
    // Queues show how full they are only where the grid is observed; in all else it is the same.
    let run = try GridSimulation(
      grid.queues.isEmpty ? grid : grid.observed, engine: engine, stalls: stalls, outputStall: outputStall,
      memory: memory
    ).run(frames, progress: progress)
    let pairs = zip(run.outputs, expected).flatMap { zip($0, $1) }
    let mismatches = pairs.reduce(0) { $0 + zip($1.0, $1.1).count { $0 != $1 } }
    var first = Mismatch(of: grid.network, hardware: run.outputs, reference: expected)
    if let output = first?.output, grid.network.outputs.count < grid.network.layers.count {
      // A fault that shows in an output alone, or stops the probed grid, is told of as the output shows it.
      let probed = try? GridSimulation(grid.probed, engine: engine, stalls: stalls, memory: memory)
        .run(frames, progress: progress)
      let executor = try ReferenceExecutor(reference.probed)
      if let probed,
        var inner = try Mismatch(
          of: grid.probed.network, hardware: probed.outputs, reference: grid.probed.given(frames.map(executor.run)))
      {
        inner.output = output
        first = inner
      }
    }
    self.run = run
    self.reference = expected
    report = VerificationReport(
      comparedValues: pairs.reduce(0) { $0 + $1.1.count }, mismatches: mismatches, firstMismatch: first,
      frames: frames.count,
      engine: engine.isVerilator ? "verilator" : "interpreter", latencyCycles: run.latencyCycles,
      completionCycles: run.completionCycles,
      cyclesPerFrame: stalls == nil && outputStall == nil ? run.cyclesPerFrame : nil,
      predictedCyclesPerFrame: grid.cost.cyclesPerFrame(at: memory ?? MemoryTiming()), cost: grid.cost,
      framesPerPass: grid.framesPerPass,
      queues: zip(grid.queues, run.highWaterMarks).map { QueueMark($0, of: grid, highWaterMark: $1) },
      nominalMACs: nominalMACs ?? zip(reference.layers, grid.stages).reduce(0) { $0 + $1.0.macs * $1.1.batch })
  }
}

extension EngineKind {
  fileprivate var isVerilator: Bool {
    if case .verilator = self { true } else { false }
  }
}
