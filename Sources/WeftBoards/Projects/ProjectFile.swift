/// A text file of a project.
public struct ProjectFile: Hashable, Sendable {
  /// Where it is in the project's folder: legal names with slashes between them.
  public var path: String
  /// What it holds.
  public var contents: String

  /// A file.
  public init(_ path: String, _ contents: String) {
    self.path = path
    self.contents = contents
  }
}
