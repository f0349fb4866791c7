import WeftAccelerators

/// How fast a plan is on a device and what it takes of it, computed from its stages: nothing is built, emitted or
/// simulated.
public struct PlanFigures: Hashable, Sendable {
  /// Cycles between frames, or passes where outputs have batches: those of the slowest stage, or those in which the
  /// memory port gives the words of all; `nil` where the port never does.
  public let cyclesPerFrame: Int?
  /// What all stages and queues take.
  public let resources: Resources
  private let device: Device

  /// The figures of stages, and of the queues between them where forks rejoin, on a device.
  public init(_ stages: [StageGeometry], queues: [LinkQueue] = [], on device: Device) {
    self.device = device
    let units = stages.reduce(Resources.zero) { sum, stage in
      let cost = StageCost(stage, on: device.dspKind)
      return sum + cost.unit + cost.lineBuffers
    }
    resources = queues.reduce(units) { $0 + $1.resources }
    let computing = stages.reduce(0) { max($0, $1.cyclesPerPass) }
    cyclesPerFrame = device.budget.cycles(toFetch: resources.memoryWords).map { max($0, computing) }
  }

  /// Frames, or passes, a second at the device's clock.
  public var framesPerSecond: Double { cyclesPerFrame.map { device.clock / Double(max(1, $0)) } ?? 0 }

  /// Bytes a second that the memory port carries.
  public var bandwidth: Double {
    device.bandwidth(wordsPerFrame: resources.memoryWords, cyclesPerFrame: cyclesPerFrame ?? 0)
  }

  /// Whether the device has room for the plan.
  public var fits: Bool { cyclesPerFrame.map { resources.fits(in: device.budget.limits(cycles: $0)) } ?? false }
}
