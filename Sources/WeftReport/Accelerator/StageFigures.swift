import WeftAccelerators
import WeftExploration
import WeftNetworks

/// What is told of a stage. Where outputs have batches, a frame is a pass.
struct StageFigures: Sendable {
  let name: String
  /// The branch that it is counted in.
  let branch: Int
  let configuration: UnitConfiguration
  /// Bits of the operands of its products; weights of phases are sums.
  let inputBits, weightBits: Int
  /// Product lanes.
  let lanes: Int
  /// Multiplications of a frame for real outputs.
  let macs: Int
  /// Cycles of a frame of the stage alone.
  let predictedCycles: Int
  /// Part of its lanes' cycles that multiplications for real outputs take, at the whole accelerator's pace.
  let utilisation: Double
  /// Cycles from the first transfer that reaches it in the first frame, or from the start where it reads inputs, to the
  /// first that leaves it; `nil` where nothing was simulated.
  let latency: Int?
  /// Bytes of its line buffers and how many rows of each map they hold.
  let bufferBytes, bufferRows: Int
  /// Words of external memory that a frame takes.
  let memoryWords: Int
  /// For each frame the cycles of its first and its last transfer; empty where nothing was simulated.
  let spans: [ClosedRange<Int>]

  init(of report: AcceleratorReport, stage index: Int) {
    let stage = report.stages[index]
    name = stage.layer.name
    branch = report.network.mainBranch(of: index)
    configuration = stage.configuration
    (inputBits, weightBits) = (stage.layer.inputBits, stage.kernel.weightBits)
    lanes = stage.multipliers
    macs = stage.batch * stage.kernel.macs
    predictedCycles = stage.cyclesPerPass
    utilisation = Double(macs) / Double(max(1, lanes)) / Double(max(1, report.cyclesPerFrame))
    bufferRows = stage.bufferRows
    bufferBytes = stage.bankRowBits * (stage.bufferRows / max(1, stage.banks)) / 8
    memoryWords = stage.batch * stage.memoryWordsPerFrame
    let frames = report.verification?.run.stageSpans ?? []
    spans = frames.map { $0[index] }
    latency = frames.first.map { spans in
      let before = stage.layer.sources.map { source in
        if case .layer(let layer) = source { spans[layer].lowerBound } else { 0 }
      }
      return spans[index].lowerBound - (before.max() ?? 0)
    }
  }
}
