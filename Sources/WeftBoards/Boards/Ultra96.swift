import WeftExploration

extension Board {
  /// Avnet Ultra96-V2: a Zynq UltraScale+ ZU3EG with 2 GB of LPDDR4, 32 bits wide at 2,133 MT/s.
  public static let ultra96 = Board(
    name: "ultra96", title: "Avnet Ultra96-V2", part: "xczu3eg-sbva484-1-i",
    boardPart: "avnet.com:ultra96v2:part0:1.2", family: .zynqUltraScalePlus,
    device: Device.zu3eg.on(clock: 200e6, memory: MemoryPort(bits: 128, bytesPerSecond: 3.2e9)),
    memory: BoardMemory(
      kind: "LPDDR4", bytes: 2 << 30,
      ports: ["S_AXI_HP0_FPD", "S_AXI_HP1_FPD", "S_AXI_HP2_FPD", "S_AXI_HP3_FPD"], portBits: 128))
}
