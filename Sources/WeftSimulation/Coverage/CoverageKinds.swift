/// What a simulation counts to tell how much of a design its tests reach.
public struct CoverageKinds: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// How often each statement was carried out, and each arm of each `When` and `Switch`.
  public static let statements = CoverageKinds(rawValue: 1)
  /// Which bits of which signals rose and fell.
  public static let toggles = CoverageKinds(rawValue: 2)
  /// Which states and transitions the registers that hold enumerations went through.
  public static let states = CoverageKinds(rawValue: 4)
  /// Everything.
  public static let all: CoverageKinds = [.statements, .toggles, .states]
}
