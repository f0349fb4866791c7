import Foundation

/// Where a package finds Weft.
enum WeftLocation: Equatable {
  /// A folder with Weft's `Package.swift`.
  case folder(String)
  /// A Git repository, whose branch `main` is taken.
  case repository(String)

  /// The place that `--weft` names.
  ///
  /// - Throws: `ToolError` where there is no package.
  init(argument: String) throws {
    if argument.contains("://") || argument.hasPrefix("git@") {
      self = .repository(argument)
      return
    }
    let url = URL(fileURLWithPath: argument, isDirectory: true).standardizedFileURL
    guard FileManager.default.fileExists(atPath: url.appendingPathComponent("Package.swift").path) else {
      throw ToolError("'\(url.path)' holds no Package.swift; --weft takes Weft's folder or the URL of its repository")
    }
    self = .folder(url.path)
  }

  /// The folder that this tool was built from.
  ///
  /// - Throws: `ToolError` where it is gone.
  static func source() throws -> WeftLocation {
    var root = URL(fileURLWithPath: #filePath)
    for _ in 0..<3 { root.deleteLastPathComponent() }
    guard FileManager.default.fileExists(atPath: root.appendingPathComponent("Package.swift").path) else {
      throw ToolError("the folder that this tool was built from is gone; say with --weft where Weft is")
    }
    return .folder(root.path)
  }

  /// The dependency as a manifest writes it.
  var dependency: String {
    switch self {
    case .folder(let path): ".package(name: \"weft\", path: \(path.debugDescription))"
    case .repository(let url): ".package(url: \(url.debugDescription), branch: \"main\")"
    }
  }

  /// The name by which a manifest's products refer to the dependency.
  var packageName: String {
    switch self {
    case .folder: return "weft"
    case .repository(let url):
      let last = url.split { $0 == "/" || $0 == ":" }.last.map(String.init) ?? "weft"
      return last.hasSuffix(".git") ? String(last.dropLast(4)) : last
    }
  }
}
