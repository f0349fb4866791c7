/// A pin of the part.
public struct Pin: Hashable, Sendable, Codable {
  /// Where it is in the package.
  public var location: String
  /// How it is driven, such as `LVCMOS33`.
  public var standard: String

  /// A pin.
  public init(_ location: String, _ standard: String) {
    self.location = location
    self.standard = standard
  }
}
