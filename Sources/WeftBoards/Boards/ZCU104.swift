import WeftExploration

extension Board {
  /// AMD ZCU104 (UG1267): a Zynq UltraScale+ ZU7EV with 2 GB of DDR4, 64 bits wide at 2,133 MT/s.
  public static let zcu104 = Board(
    name: "zcu104", title: "AMD ZCU104", part: "xczu7ev-ffvc1156-2-e", boardPart: "xilinx.com:zcu104:part0:1.1",
    family: .zynqUltraScalePlus,
    device: Device.zu7ev.on(clock: 200e6, memory: MemoryPort(bits: 128, bytesPerSecond: 3.2e9)),
    oscillator: Oscillator(frequency: 125e6, pins: ["F23", "E23"], standard: "LVDS"),
    memory: BoardMemory(
      kind: "DDR4", bytes: 2 << 30,
      ports: ["S_AXI_HP0_FPD", "S_AXI_HP1_FPD", "S_AXI_HP2_FPD", "S_AXI_HP3_FPD"], portBits: 128),
    pins: [
      "led0": Pin("D5", "LVCMOS33"), "led1": Pin("D6", "LVCMOS33"), "led2": Pin("A5", "LVCMOS33"),
      "led3": Pin("B5", "LVCMOS33"),
    ])
}
