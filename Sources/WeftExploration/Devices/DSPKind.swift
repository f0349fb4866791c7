import WeftAccelerators

/// What a device multiplies with.
public enum DSPKind: String, Hashable, Sendable, Codable, CaseIterable {
  /// A slice of the 7 series and of Zynq-7000: 25 x 18 bits.
  case dsp48e1
  /// A slice of UltraScale and UltraScale+: 27 x 18 bits.
  case dsp48e2
  /// A multiplier of the ECP5: 18 x 18 bits.
  case mult18x18d
  /// A multiply-accumulate block of the iCE40 UltraPlus: 16 x 16 bits.
  case mac16
  /// A multiply-accumulate unit of an ASIC, as wide as its operands.
  case macUnit

  /// The widths in bits of the two signed operands; `nil` where the unit is made to measure.
  public var operandBits: (wide: Int, narrow: Int)? {
    switch self {
    case .dsp48e1: (25, 18)
    case .dsp48e2: (27, 18)
    case .mult18x18d: (18, 18)
    case .mac16: (16, 16)
    case .macUnit: nil
    }
  }

  /// The registers with which a unit reaches the clocks of devices that multiply so.
  public var pipelining: UnitConfiguration.Pipelining { self == .mult18x18d ? .deep : .standard }
}
