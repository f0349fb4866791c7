import WeftAccelerators

/// The figures of a verification.
public struct VerificationReport: Hashable, Sendable, Encodable {
  /// Values that were compared, and how many of them differ.
  public let comparedValues, mismatches: Int
  /// The first that differs.
  public let firstMismatch: Mismatch?
  /// Frames that ran.
  public let frames: Int
  /// What simulated: `verilator` or `interpreter`.
  public let engine: String
  /// Cycles until the first frame was complete.
  public let latencyCycles: Int
  /// For each frame the cycle in which the last value of it came, counted from the first after reset. Where the memory
  /// sets the pace, the frames in the middle show it: outputs that are done leave the rest of it to the others.
  public let completionCycles: [Int]
  /// Cycles between the last two frames; `nil` under stalls and for fewer than three frames.
  public let cyclesPerFrame: Int?
  /// Cycles between frames as computed from the plan and the memory's bandwidth.
  public let predictedCyclesPerFrame: Int
  /// Product lanes for multiply-accumulates.
  public let multipliers: Int
  /// Multipliers of the requantisers.
  public let requantisationMultipliers: Int
  /// Multiplications of a frame that the plan executes for real outputs.
  public let macsPerFrame: Int
  /// Multiply-accumulates of a frame of the network as written.
  public let nominalMacsPerFrame: Int
  /// For each queue of the grid how full it was at most, beside its depth.
  public let queues: [QueueMark]

  init(
    comparedValues: Int, mismatches: Int, firstMismatch: Mismatch?, frames: Int, engine: String, latencyCycles: Int,
    completionCycles: [Int], cyclesPerFrame: Int?, predictedCyclesPerFrame: Int, cost: GridCost,
    queues: [QueueMark], nominalMACs: Int
  ) {
    self.comparedValues = comparedValues
    self.mismatches = mismatches
    self.firstMismatch = firstMismatch
    self.frames = frames
    self.engine = engine
    self.latencyCycles = latencyCycles
    self.completionCycles = completionCycles
    self.cyclesPerFrame = cyclesPerFrame
    self.predictedCyclesPerFrame = predictedCyclesPerFrame
    multipliers = cost.multipliers
    requantisationMultipliers = cost.requantisationMultipliers
    macsPerFrame = cost.macsPerFrame
    nominalMacsPerFrame = nominalMACs
    self.queues = queues
  }

  /// Whether every value is the reference's.
  public var bitExact: Bool { mismatches == 0 && comparedValues > 0 }

  /// The part of the multipliers' cycles that real multiplications take; `nil` where the cycles were not measured.
  public var efficiency: Double? {
    cyclesPerFrame.map { Double(macsPerFrame) / (Double(multipliers) * Double($0)) }
  }

  private enum CodingKeys: String, CodingKey {
    case bitExact, comparedValues, mismatches, firstMismatch, frames, engine, latencyCycles, completionCycles
    case cyclesPerFrame, predictedCyclesPerFrame, multipliers, requantisationMultipliers, macsPerFrame
    case nominalMacsPerFrame, efficiency, queues
  }

  /// Encodes every figure; one that was not measured as null.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(bitExact, forKey: .bitExact)
    try container.encode(comparedValues, forKey: .comparedValues)
    try container.encode(mismatches, forKey: .mismatches)
    try container.encodeIfPresent(firstMismatch, forKey: .firstMismatch)
    try container.encode(frames, forKey: .frames)
    try container.encode(engine, forKey: .engine)
    try container.encode(latencyCycles, forKey: .latencyCycles)
    try container.encode(completionCycles, forKey: .completionCycles)
    try container.encode(cyclesPerFrame, forKey: .cyclesPerFrame)
    try container.encode(predictedCyclesPerFrame, forKey: .predictedCyclesPerFrame)
    try container.encode(multipliers, forKey: .multipliers)
    try container.encode(requantisationMultipliers, forKey: .requantisationMultipliers)
    try container.encode(macsPerFrame, forKey: .macsPerFrame)
    try container.encode(nominalMacsPerFrame, forKey: .nominalMacsPerFrame)
    try container.encode(efficiency, forKey: .efficiency)
    try container.encode(queues, forKey: .queues)
  }
}
