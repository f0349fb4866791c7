import WeftExploration

extension Board {
  /// AMD ZCU102 (UG1182): a Zynq UltraScale+ ZU9EG with 4 GB of DDR4, 64 bits wide at 2,133 MT/s.
  public static let zcu102 = Board(
    name: "zcu102", title: "AMD ZCU102", part: "xczu9eg-ffvb1156-2-e", boardPart: "xilinx.com:zcu102:part0:3.4",
    family: .zynqUltraScalePlus,
    device: Device.zu9eg.on(clock: 200e6, memory: MemoryPort(bits: 128, bytesPerSecond: 3.2e9)),
    oscillator: Oscillator(frequency: 125e6, pins: ["G21", "F21"], standard: "LVDS_25"),
    memory: BoardMemory(
      kind: "DDR4", bytes: 2 << 30,
      ports: ["S_AXI_HP0_FPD", "S_AXI_HP1_FPD", "S_AXI_HP2_FPD", "S_AXI_HP3_FPD"], portBits: 128),
    pins: [
      "led0": Pin("AG14", "LVCMOS33"), "led1": Pin("AF13", "LVCMOS33"), "led2": Pin("AE13", "LVCMOS33"),
      "led3": Pin("AJ14", "LVCMOS33"),
    ])
}
