import Foundation
import Weft

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

  /// The folder of the entry made of these parts, which `build` fills where it does not exist yet, and whether it had
  /// to. An entry is found by a hash and known by its whole content.
  ///
  /// - Parameter build: fills a folder that afterwards becomes `place`.
  func entry(
    kind: String, of parts: [String], build: (_ folder: String, _ place: String) throws -> Void
  ) throws -> (path: String, isNew: Bool) {
    let content = Data(parts.map { "\($0.utf8.count) \($0)\n" }.joined().utf8)
    let kindFolder = "\(directory)/\(kind)"
    let name = freeName(for: content, in: kindFolder)
    let path = "\(kindFolder)/\(name)"
    if exists(path) { return (path, false) }
    try create(kindFolder)
    let lock = try FileLock("\(kindFolder)/.\(name).lock")
    defer { lock.unlock() }
    if exists(path) { return (path, false) }
    removeRemains(of: name, in: kindFolder)
    let draft = "\(kindFolder)/.\(name).\(UUID().uuidString)"
    try create(draft)
    do {
      try build(draft, path)
      try content.write(to: URL(fileURLWithPath: "\(draft)/\(Self.contentName)"))
      try FileManager.default.moveItem(atPath: draft, toPath: path)
    } catch {
      try? FileManager.default.removeItem(atPath: draft)
      throw error as? SimulationError
        ?? SimulationError("cannot complete \(path) in the model cache: \(FileProblem.reason(error))")
    }
    return (path, true)
  }

  /// The file of an entry that holds what it was made of.
  private static let contentName = "content"

  /// The name of the entry with this content, or of none: entries that have its hash by chance are passed over.
  private func freeName(for content: Data, in folder: String) -> String {
    var hash = FNV1a()
    for byte in content { hash.combine(byte: byte) }
    var name = hash.hexadecimal
    while let other = FileManager.default.contents(atPath: "\(folder)/\(name)/\(Self.contentName)"), other != content {
      name += "_"
    }
    return name
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
  private func removeRemains(of entry: String, in folder: String) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    where name.hasPrefix(".\(entry).") && !name.hasSuffix(".lock") {
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
