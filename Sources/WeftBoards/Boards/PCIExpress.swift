/// The edge of a board in a host's slot, by the names that the tools' own description of the board has for what is
/// there.
public struct PCIExpress: Hashable, Sendable, Codable {
  /// The lanes, such as `pci_express_x8`.
  public var interface: String
  /// The host's reference clock, such as `pcie_refclk`.
  public var referenceClock: String
  /// The host's reset, such as `pcie_perstn`.
  public var reset: String
  /// The bits of a beat of the DMA.
  public var dataWidth: Int
  /// The cycles a second of the DMA's clock.
  public var clock: Double
  /// What clocks the memory at the board's first port, such as `default_300mhz_clk0`.
  public var memoryClock: String

  /// An edge.
  public init(
    interface: String, referenceClock: String, reset: String, dataWidth: Int, clock: Double, memoryClock: String
  ) {
    self.interface = interface
    self.referenceClock = referenceClock
    self.reset = reset
    self.dataWidth = dataWidth
    self.clock = clock
    self.memoryClock = memoryClock
  }
}
