/// Why nothing could be proved or refuted.
public struct FormalError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A sentence or more that name the place and the cure.
  public var message: String

  /// An error that says `message`.
  public init(_ message: String) { self.message = message }

  /// The message.
  public var description: String { message }
}
