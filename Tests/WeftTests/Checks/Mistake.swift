import Weft

/// A module with a mistake, and what is said of it: the whole report, where `+n` stands for the place n lines below
/// `line`.
protocol Mistake: Module {
  /// The line that places in `report` count from.
  static var line: Int { get }
  /// The file, as `#fileID` gives it.
  static var file: String { get }
  /// One diagnostic a line.
  static var report: String { get }
  init()
}

extension Mistake {
  /// The report with places as they are shown.
  static var expected: String {
    report.split(separator: "\n").map { line in
      line.split(separator: " ", omittingEmptySubsequences: false).map { word in
        guard word.hasPrefix("+"), let offset = Int(word.dropFirst().prefix { $0.isNumber }) else { return String(word) }
        return "\(file):\(Self.line + offset)" + word.dropFirst().drop { $0.isNumber }
      }.joined(separator: " ")
    }.joined(separator: "\n")
  }
}

/// What is said of a module: nothing where it is right.
func report(of module: some Module) -> String {
  do {
    _ = try Design(module)
    return ""
  } catch {
    return error.description
  }
}
