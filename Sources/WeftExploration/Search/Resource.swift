/// One of the things that stages share.
public enum Resource: String, Hashable, Sendable, Codable, CaseIterable {
  /// DSP slices; of an ASIC, multiply-accumulate units.
  case dsp
  /// Block RAMs of 18 Kib.
  case ramb18
  /// Look-up tables.
  case lut
  /// Words from external memory.
  case memoryWords

  /// How sentences call several of it.
  var plural: String {
    switch self {
    case .dsp: "DSPs"
    case .ramb18: "RAMB18s"
    case .lut: "LUTs"
    case .memoryWords: "words of memory a frame"
    }
  }
}
