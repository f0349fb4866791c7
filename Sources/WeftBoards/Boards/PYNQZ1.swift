import WeftExploration

extension Board {
  /// Digilent PYNQ-Z1 (reference manual of 2017): a Zynq-7020 with 512 MB of DDR3, 16 bits wide at 1,050 MT/s.
  public static let pynqZ1 = Board(
    name: "pynq-z1", title: "Digilent PYNQ-Z1", part: "xc7z020clg400-1",
    boardPart: "www.digilentinc.com:pynq-z1:part0:1.0", family: .zynq7000,
    device: Device.z7020.on(clock: 100e6, memory: MemoryPort(bits: 64, bytesPerSecond: 0.8e9)),
    oscillator: Oscillator(frequency: 125e6, pins: ["H16"], standard: "LVCMOS33"),
    memory: BoardMemory(
      kind: "DDR3", bytes: 512 << 20, ports: ["S_AXI_HP0", "S_AXI_HP1", "S_AXI_HP2", "S_AXI_HP3"], portBits: 64),
    processorSettings: [
      "PCW_CRYSTAL_PERIPHERAL_FREQMHZ": "50",
      "PCW_UIPARAM_DDR_PARTNO": "MT41J256M16 RE-125",
      "PCW_UIPARAM_DDR_BUS_WIDTH": "16 Bit",
      "PCW_UIPARAM_DDR_FREQ_MHZ": "525",
      "PCW_PRESET_BANK1_VOLTAGE": "LVCMOS 1.8V",
      "PCW_UART0_PERIPHERAL_ENABLE": "1",
      "PCW_UART0_UART0_IO": "MIO 14 .. 15",
      "PCW_SD0_PERIPHERAL_ENABLE": "1",
      "PCW_SD0_SD0_IO": "MIO 40 .. 45",
    ],
    pins: [
      "led0": Pin("R14", "LVCMOS33"), "led1": Pin("P14", "LVCMOS33"), "led2": Pin("N16", "LVCMOS33"),
      "led3": Pin("M14", "LVCMOS33"), "button0": Pin("D19", "LVCMOS33"), "button1": Pin("D20", "LVCMOS33"),
      "button2": Pin("L20", "LVCMOS33"), "button3": Pin("L19", "LVCMOS33"),
    ])
}
