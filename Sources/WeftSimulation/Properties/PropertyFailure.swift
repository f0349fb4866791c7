import Weft

/// An assertion or assumption that did not hold in a run.
public struct PropertyFailure: Error, Hashable, Sendable {
  /// The property and where it stands.
  public var property: PlacedProperty
  /// The cycle at whose end it failed first, counted from zero.
  public var cycle: Int
  /// The number of cycles in which it has failed so far.
  public var count = 1
}

extension PropertyFailure: CustomStringConvertible {
  /// `file:line: error: assertion failed in cycle 7: sentence (in instance path)`, as editors read it.
  public var description: String {
    let property = property.property
    let path = self.property.path.isEmpty ? "" : " (in \(self.property.path))"
    return "\(property.place): error: \(property.kind.rawValue) failed in cycle \(cycle): \(property.sentence)\(path)"
  }
}

/// How often a run came by what a cover asks for.
public struct CoverCount: Hashable, Sendable {
  /// The cover and where it stands.
  public var property: PlacedProperty
  /// The number of cycles in which it held.
  public var count = 0
}
