import Foundation

/// A file that is written beside its place and then renamed, so that it is there whole or not at all.
struct OutputFile {
  private let path: String

  init(_ path: String) { self.path = path }

  /// Writes the file.
  ///
  /// - Throws: `ToolError` where it cannot be written; what stood there then stays.
  func write(_ data: Data) throws {
    do {
      try data.write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw ToolError("'\(path)' cannot be written: \(error.localizedDescription)")
    }
  }
}
