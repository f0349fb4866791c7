import Foundation

/// A kind of wave file.
public enum WaveFormat: String, Hashable, Sendable {
  /// Value change dump: text that every viewer reads.
  case vcd
  /// Fast signal trace: GTKWave's compressed form.
  case fst

  /// The kind that the extension of a file's name tells.
  init(ofFile path: String) throws {
    guard let format = WaveFormat(rawValue: URL(fileURLWithPath: path).pathExtension.lowercased()) else {
      throw SimulationError("the name of a wave file ends in .vcd or .fst, which tells its kind; this is \(path)")
    }
    self = format
  }
}
