import Weft

/// A run in which an assertion fails: why a proof did not succeed.
public struct Counterexample: Error, Sendable {
  /// The assertion.
  public let property: PlacedProperty
  /// The run; the assertion fails at its last step.
  public let trace: Trace

  /// Whether the run starts with the initial values, so that the hardware can take it. Else it starts anywhere: the
  /// assertion does not follow from itself by induction, and may hold or not.
  public var isReachable: Bool { trace.registers == nil }
}

extension Counterexample: CustomStringConvertible {
  /// The assertion with its place, what became of it, and the run as a waveform.
  public var description: String {
    let claim = property.property
    let path = property.path.isEmpty ? "" : " (in \(property.path))"
    let last = trace.steps.count - 1
    let verdict =
      isReachable
      ? "assertion fails at step \(last): \(claim.sentence)\(path)"
      : "assertion is not proved by induction over \(last) step\(last == 1 ? "" : "s"): \(claim.sentence)\(path). It "
        + "fails after this run from a state that may be out of reach: then an assertion that excludes the state helps"
    return "\(claim.place): error: \(verdict)\n\(trace.waveform.text())"
  }
}
