/// Why a simulation could not be built or asked for something.
public struct SimulationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A sentence or more that name the place and the cure.
  public var message: String

  /// An error that says `message`.
  public init(_ message: String) { self.message = message }

  /// The message.
  public var description: String { message }
}
