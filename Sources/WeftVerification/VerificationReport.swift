import WeftAccelerators

/// The figures of a verification. Where outputs have batches, cycles and multiplications are those of a pass, which
/// gives several frames.
public struct VerificationReport: Hashable, Sendable, Encodable {
  /// Values that were compared, and how many of them differ.
  public let comparedValues, mismatches: Int
  /// The first that differs.
  public let firstMismatch: Mismatch?
  /// Frames that ran, and those of a pass: one, unless outputs have batches.
  public let frames, framesPerPass: Int
  /// What simulated: `verilator` or `interpreter`.
  public let engine: String
  /// Cycles until the first pass was complete.
  public let latencyCycles: Int
  /// For each pass the cycle in which the last value of it came, counted from the first after reset. Where the memory
  /// sets the pace, the passes in the middle show it: outputs that are done leave the rest of it to the others.
  public let completionCycles: [Int]
  /// Cycles between the last two passes at the slowest output; `nil` under stalls and for fewer than three passes.
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
    completionCycles: [Int], cyclesPerFrame: Int?, predictedCyclesPerFrame: Int, cost: GridCost, framesPerPass: Int,
    queues: [QueueMark], nominalMACs: Int
  ) {
    self.comparedValues = comparedValues
    self.mismatches = mismatches
    self.firstMismatch = firstMismatch
    self.frames = frames
    self.framesPerPass = framesPerPass
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
    case bitExact, comparedValues, mismatches, firstMismatch, frames, framesPerPass, engine, latencyCycles
    case completionCycles, cyclesPerFrame, predictedCyclesPerFrame, multipliers, requantisationMultipliers, macsPerFrame
    case nominalMacsPerFrame, efficiency, queues
  }

  /// Encodes every figure, one that was not measured as null; frames of a pass where they are several.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(bitExact, forKey: .bitExact)
    try container.encode(comparedValues, forKey: .comparedValues)
    try container.encode(mismatches, forKey: .mismatches)
    try container.encodeIfPresent(firstMismatch, forKey: .firstMismatch)
    try container.encode(frames, forKey: .frames)
    if framesPerPass > 1 { try container.encode(framesPerPass, forKey: .framesPerPass) }
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
