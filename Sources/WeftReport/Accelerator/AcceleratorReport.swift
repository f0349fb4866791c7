import WeftAccelerators
import WeftExploration
import WeftNetworks
import WeftSimulation
import WeftVerification

/// An accelerator for people: what its plan makes of a network, what a simulation measured, and what the device it is
/// for has room for.
public struct AcceleratorReport: Sendable {
  /// The network.
  public let network: QuantizedNetwork
  /// Its stages, in the order of the layers.
  public let stages: [StageGeometry]
  /// How many frames of each output a pass of the accelerator gives.
  public let batches: [Int]
  /// The queues between them, where forks rejoin.
  public let queues: [LinkQueue]
  /// What the plan says before anything is simulated.
  public let cost: GridCost
  /// Cycles between frames as computed from the plan and the bandwidth of the memory.
  public let predictedCyclesPerFrame: Int
  /// Multiply-accumulates of a frame, or a pass, of the network as it was written.
  public let nominalMACs: Int
  /// The device; `nil` where none was named.
  public let device: Device?
  /// What a simulation gave and measured; `nil` where none was made.
  public let verification: Verification?

  /// The report of an accelerator.
  ///
  /// - Parameters:
  ///   - memory: How fast the external memory is: that which was simulated.
  ///   - verification: Of the observed grid (`Grid.observed`), so that the report can show when its
  ///     stages work.
  public init<Unit: StageUnit>(
    _ grid: Grid<Unit>, nominalMACs: Int, device: Device? = nil, memory: MemoryTiming = MemoryTiming(),
    verification: Verification? = nil
  ) {
    network = grid.network
    stages = grid.stages
    batches = grid.batches
    queues = grid.queues
    cost = grid.cost
    predictedCyclesPerFrame = cost.cyclesPerFrame(at: memory)
    self.nominalMACs = nominalMACs
    self.device = device
    self.verification = verification
  }

  /// Cycles between frames: those measured, else those predicted.
  public var cyclesPerFrame: Int { verification?.report.cyclesPerFrame ?? predictedCyclesPerFrame }
  /// Whether they are measured.
  public var isMeasured: Bool { verification?.report.cyclesPerFrame != nil }
  /// The clock in hertz.
  public var clock: Double { device?.clock ?? 200e6 }
  /// The port to external memory.
  public var memory: MemoryPort { device?.memory ?? MemoryPort() }
  /// Bytes a second that the port gives.
  var memoryBandwidth: Double { memory.wordsPerCycle(clock: clock) * Double(memory.bits) / 8 * clock }
  /// Bytes of external memory that a frame takes.
  public var memoryBytesPerFrame: Int { cost.memoryWordsPerFrame * memory.bits / 8 }

  /// Frames a second at so many cycles each.
  func framesPerSecond(_ cycles: Int) -> Double { clock / Double(max(1, cycles)) }

  /// Part of the product lanes' cycles that multiplications for real outputs take, at so many cycles a frame.
  func efficiency(_ cycles: Int) -> Double {
    Double(cost.macsPerFrame) / Double(max(1, cost.multipliers)) / Double(max(1, cycles))
  }

  /// What the plan takes, as the search counts it.
  func resources(on device: Device) -> Resources {
    PlanFigures(stages, queues: queues, on: device).resources
  }

  /// The stages with what is told of each.
  var figures: [StageFigures] { stages.indices.map { StageFigures(of: self, stage: $0) } }
}
