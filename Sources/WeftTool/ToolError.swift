/// Why a command cannot do what it was asked for.
struct ToolError: Error, CustomStringConvertible {
  /// A sentence that names the place and the cure.
  let description: String

  init(_ description: String) { self.description = description }
}
