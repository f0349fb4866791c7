import WeftStreams

/// A block as IP-XACT describes it, so that tools can place it in a block design.
public struct IPXACTComponent: Hashable, Sendable {
  /// By what tools know it.
  public var identity: ComponentIdentity
  /// A sentence for people.
  public var summary: String
  /// Its ports and buses.
  public var interface: BlockInterface
  /// The paths of its Verilog files, in the order in which they are read, as seen from the description.
  public var sources: [String]
  /// The paths of the memory images that the Verilog reads.
  public var images: [String]
  /// The clock in hertz that it is made for.
  public var clock: Double
  /// The registers behind the bus that controls it, where they are known.
  public var registers: RegisterMap?

  /// A component.
  public init(
    identity: ComponentIdentity, summary: String, interface: BlockInterface, sources: [String], images: [String],
    clock: Double, registers: RegisterMap? = nil
  ) {
    self.identity = identity
    self.summary = summary
    self.interface = interface
    self.sources = sources
    self.images = images
    self.clock = clock
    self.registers = registers
  }

  /// The description as a file.
  public func file(_ dialect: IPXACTDialect) -> String { IPXACTWriter(self, dialect).component.file }
}
