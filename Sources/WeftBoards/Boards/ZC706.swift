import WeftExploration

extension Board {
  /// AMD ZC706 (UG954): a Zynq-7045 with 1 GB of DDR3 at the processing system, 32 bits wide at 1,066 MT/s.
  public static let zc706 = Board(
    name: "zc706", title: "AMD ZC706", part: "xc7z045ffg900-2", boardPart: "xilinx.com:zc706:part0:1.4",
    family: .zynq7000,
    device: Device.z7045.on(clock: 150e6, memory: MemoryPort(bits: 64, bytesPerSecond: 1.2e9)),
    oscillator: Oscillator(frequency: 200e6, pins: ["H9", "G9"], standard: "LVDS"),
    memory: BoardMemory(
      kind: "DDR3", bytes: 1 << 30, ports: ["S_AXI_HP0", "S_AXI_HP1", "S_AXI_HP2", "S_AXI_HP3"], portBits: 64),
    pins: [
      "led_left": Pin("Y21", "LVCMOS25"), "led_centre": Pin("G2", "LVCMOS15"), "led_right": Pin("W21", "LVCMOS25"),
    ])
}
