import WeftExploration

extension Board {
  /// AMD KCU1500 (UG1260): a Kintex UltraScale KU115 behind PCI Express, with four memories of 4 GB of DDR4, each 64
  /// bits wide at 2,400 MT/s. A design reaches the second of them, which has no error correction beside its data, and
  /// the first eight lanes.
  public static let kcu1500 = Board(
    name: "kcu1500", title: "AMD KCU1500", part: "xcku115-flvb2104-2-e", boardPart: "xilinx.com:kcu1500:part0:1.2",
    family: .kintexUltraScale,
    device: Device.ku115.on(clock: 200e6, memory: MemoryPort(bits: 512, bytesPerSecond: 12.8e9)),
    oscillator: Oscillator(frequency: 300e6, pins: ["AY37", "AY38"], standard: "LVDS"),
    memory: BoardMemory(kind: "DDR4", bytes: 4 << 30, ports: ["ddr4_sdram_c1"], portBits: 512),
    pciExpress: PCIExpress(
      interface: "pci_express_x8", referenceClock: "pcie_refclk", reset: "pcie_perstn", dataWidth: 256, clock: 250e6,
      memoryClock: "default_300mhz_clk1"))
}
