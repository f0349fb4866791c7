/// External memory as a design sees it.
public struct BoardMemory: Hashable, Sendable, Codable {
  /// What it is, such as `DDR3`.
  public var kind: String
  /// How many bytes it has.
  public var bytes: Int
  /// The ports that a design may be a manager at, the one to be taken first at the front.
  public var ports: [String]
  /// Bits of such a port's data.
  public var portBits: Int

  /// A memory.
  public init(kind: String, bytes: Int, ports: [String], portBits: Int) {
    self.kind = kind
    self.bytes = bytes
    self.ports = ports
    self.portBits = portBits
  }
}
