/// What feeds a clock from outside the part.
public struct Oscillator: Hashable, Sendable, Codable {
  /// Cycles a second.
  public var frequency: Double
  /// The pin, or the positive and the negative one of a pair.
  public var pins: [String]
  /// How the pins are driven, such as `LVCMOS33`.
  public var standard: String

  /// An oscillator at a pin, or at a pair.
  public init(frequency: Double, pins: [String], standard: String) {
    self.frequency = frequency
    self.pins = pins
    self.standard = standard
  }
}
