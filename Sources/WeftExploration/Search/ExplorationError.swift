/// Why a design space cannot be explored.
public struct ExplorationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A sentence that names the place and the cure.
  public var message: String

  /// An error that says `message`.
  public init(_ message: String) { self.message = message }

  public var description: String { message }
}
