import WeftNetworks

/// What a grid takes and gives, computed from its stages without building or simulating it. Where outputs have batches,
/// a frame here is a pass: all the frames that it computes of each stage.
public struct GridCost: Hashable, Sendable {
  /// Product lanes for multiply-accumulates, all stages.
  public var multipliers: Int
  /// Multipliers of the requantisers, one for each value that a stage passes on at once.
  public var requantisationMultipliers: Int
  /// Multiplications of a frame for outputs that are real: zero-padded positions count, padded channels and idle lanes
  /// do not.
  public var macsPerFrame: Int
  /// Cycles of a frame of each stage alone, in the order of the layers.
  public var stageCycles: [Int]
  /// Words of external memory that a frame takes.
  public var memoryWordsPerFrame: Int
  /// Cycles between frames at steady state: those of the slowest stage.
  public var predictedCyclesPerFrame: Int { stageCycles.max() ?? 0 }

  /// The cost of these stages.
  public init(_ stages: [StageGeometry]) {
    multipliers = stages.reduce(0) { $0 + $1.multipliers }
    requantisationMultipliers = stages.reduce(0) { $0 + $1.requantisationMultipliers }
    macsPerFrame = stages.reduce(0) { $0 + $1.batch * $1.kernel.macs }
    memoryWordsPerFrame = stages.reduce(0) { $0 + $1.batch * $1.memoryWordsPerFrame }
    stageCycles = stages.map(\.cyclesPerPass)
  }
}
