/// A family of parts.
public enum BoardFamily: String, Hashable, Sendable, Codable, CaseIterable {
  /// Zynq-7000: a processing system with two Cortex-A9 beside logic of the 7 series.
  case zynq7000 = "zynq-7000"
  /// Zynq UltraScale+: a processing system with Cortex-A53 beside logic of the UltraScale+ series.
  case zynqUltraScalePlus = "zynq-ultrascale+"
  /// Kintex UltraScale: logic alone.
  case kintexUltraScale = "kintex-ultrascale"
  /// Lattice ECP5.
  case ecp5
  /// Lattice iCE40 UltraPlus.
  case ice40

  /// What builds a bitstream.
  public enum Tools: String, Hashable, Sendable, Codable {
    /// AMD Vivado.
    case vivado
    /// Yosys and nextpnr.
    case open
  }

  /// What builds a bitstream for the family.
  public var tools: Tools {
    switch self {
    case .zynq7000, .zynqUltraScalePlus, .kintexUltraScale: .vivado
    case .ecp5, .ice40: .open
    }
  }

  /// Whether the part has processors that run software beside the logic.
  public var hasProcessor: Bool {
    switch self {
    case .zynq7000, .zynqUltraScalePlus: true
    case .kintexUltraScale, .ecp5, .ice40: false
    }
  }
}
