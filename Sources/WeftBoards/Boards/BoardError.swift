/// Why a board cannot be used.
public struct BoardError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A sentence that names the board and the cure.
  public var message: String

  /// An error that says `message`.
  public init(_ message: String) { self.message = message }

  public var description: String { message }
}
