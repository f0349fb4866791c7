import Foundation

/// A folder that is written beside its place and then renamed, so that it is there whole or not at all.
struct OutputDirectory {
  /// The file by which a folder of an earlier run is known.
  static let configuration = "configuration.json"

  private let url: URL

  init(_ path: String) { url = URL(fileURLWithPath: path, isDirectory: true).standardizedFileURL }

  /// Checks that the folder may be written.
  ///
  /// - Throws: `ToolError` where there is something that no earlier run made.
  func check() throws {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isDirectory) else { return }
    let names = isDirectory.boolValue ? try FileManager.default.contentsOfDirectory(atPath: url.path) : nil
    guard let names, names.isEmpty || names.contains(Self.configuration) else {
      throw ToolError("'\(url.path)' holds other files; name a new folder, or one that `weft` wrote")
    }
  }

  /// Writes the folder's files and gives it its name.
  ///
  /// - Throws: `ToolError` where a file cannot be written; the folder then stays as it was.
  func replace(writing: (URL) throws -> Void) throws {
    let files = FileManager.default
    let suffix = "\(ProcessInfo.processInfo.processIdentifier)"
    let fresh = url.appendingPathExtension("new-\(suffix)")
    let old = url.appendingPathExtension("old-\(suffix)")
    do {
      try files.createDirectory(at: fresh, withIntermediateDirectories: true)
      try writing(fresh)
      let isReplacing = files.fileExists(atPath: url.path)
      if isReplacing { try files.moveItem(at: url, to: old) }
      try files.moveItem(at: fresh, to: url)
      if isReplacing { try files.removeItem(at: old) }
    } catch {
      try? files.removeItem(at: fresh)
      if files.fileExists(atPath: old.path), !files.fileExists(atPath: url.path) {
        try? files.moveItem(at: old, to: url)
      }
      throw ToolError("'\(url.path)' cannot be written: \(error.localizedDescription)")
    }
  }
}
