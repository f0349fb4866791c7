/// What a search brings down.
public enum Objective: String, Hashable, Sendable, Codable, CaseIterable {
  /// Cycles a frame.
  case cycles
  /// DSP slices.
  case dsp
  /// Block RAMs of 18 Kib.
  case ramb18
  /// Look-up tables.
  case lut
  /// Words fetched from external memory for a frame.
  case memoryWords

  /// The resource that it is; `nil` for cycles.
  var resource: Resource? { Resource(rawValue: rawValue) }
}

extension ExplorationPlan {
  /// How much of an objective the plan has.
  public subscript(objective: Objective) -> Int { objective.resource.map { resources[$0] } ?? cycles }
}
