import Weft

/// Addresses at which an ``AXIMemory`` answers with an error: reads give no data of it there, writes change nothing.
public struct AXIFault: Hashable, Sendable {
  /// Which accesses fail.
  public enum Accesses: Hashable, Sendable {
    /// Reads alone.
    case reads
    /// Writes alone.
    case writes
    /// Both.
    case all
  }

  /// The addresses: every beat that touches one fails.
  public var addresses: Range<Int>
  /// The answer, an error.
  public var response: AXIResponse
  /// Which accesses fail.
  public var accesses: Accesses

  /// A fault.
  public init(_ addresses: Range<Int>, _ response: AXIResponse = .subordinateError, on accesses: Accesses = .all) {
    self.addresses = addresses
    self.response = response
    self.accesses = accesses
  }
}
