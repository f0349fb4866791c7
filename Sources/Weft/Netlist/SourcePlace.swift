/// A place in the user's Swift source.
public struct SourcePlace: Hashable, Sendable, CustomStringConvertible {
  /// The file as `#fileID` gives it: Swift module and file name.
  public var file: String
  /// The line, counted from one.
  public var line: Int

  /// The place `file:line`.
  public init(file: String, line: Int) {
    self.file = file
    self.line = line
  }

  /// `file:line`.
  public var description: String { "\(file):\(line)" }
}
