import Crypto
import Foundation

/// A folder of things that are built once and found again by their content.
///
/// An entry is built beside its place and renamed, under a lock of its own; so it is there whole or not at all, however
/// many programs build at once and wherever one of them is stopped.
struct ModelCache {
  /// The folder, as an absolute path.
  let directory: String

  /// The cache in `directory`; by default in the folder that the environment variable `WEFT_CACHE` names, else in
  /// `~/.cache/weft`.
  init(directory: String? = nil) {
    let environment = ProcessInfo.processInfo.environment
    let chosen = directory ?? environment["WEFT_CACHE"].flatMap { $0.isEmpty ? nil : $0 }
    self.directory = URL(fileURLWithPath: chosen ?? NSHomeDirectory() + "/.cache/weft").standardizedFileURL.path
  }

  /// The digest that names an entry with these parts.
  static func key(_ parts: [String]) -> String {
    var hash = SHA256()
    for part in parts {
      let bytes = Array(part.utf8)
      withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { hash.update(bufferPointer: $0) }
      hash.update(data: bytes)
    }
    return hash.finalize().prefix(20).map { byte in
      let digits = String(byte, radix: 16)
      return byte < 16 ? "0" + digits : digits
    }.joined()
  }

  /// The folder of an entry, whether it exists or not.
  func path(kind: String, key: String) -> String { "\(directory)/\(kind)/\(key)" }

  /// The folder of an entry, which `build` fills where it does not exist yet, and whether it had to.
  func entry(kind: String, key: String, build: (_ folder: String) throws -> Void) throws -> (path: String, isNew: Bool)
  {
    let path = path(kind: kind, key: key)
    if exists(path) { return (path, false) }
    let kindFolder = "\(directory)/\(kind)"
    try create(kindFolder)
    let lock = try FileLock("\(kindFolder)/.\(key).lock")
    defer { lock.unlock() }
    if exists(path) { return (path, false) }
    removeRemains(of: key, in: kindFolder)
    let draft = "\(kindFolder)/.\(key).\(UUID().uuidString)"
    try create(draft)
    do {
      try build(draft)
      try FileManager.default.moveItem(atPath: draft, toPath: path)
    } catch {
      try? FileManager.default.removeItem(atPath: draft)
      throw error as? SimulationError
        ?? SimulationError("cannot complete \(path) in the model cache: \(FileProblem.reason(error))")
    }
    return (path, true)
  }

  private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  private func create(_ folder: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw SimulationError(
        "cannot create the folder \(folder) of the model cache: \(FileProblem.reason(error)). The environment "
          + "variable WEFT_CACHE names another place for the cache")
    }
  }

  /// Removes what a build that was stopped left behind; nobody else builds this entry now.
  private func removeRemains(of key: String, in folder: String) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    where name.hasPrefix(".\(key).") && !name.hasSuffix(".lock") {
      try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    }
  }

  /// Writes a text file.
  static func write(_ text: String, to path: String) throws {
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    } catch {
      throw SimulationError(
        "cannot write \(path): \(FileProblem.reason(error)). The environment variable WEFT_CACHE names another place "
          + "for the model cache")
    }
  }
}
