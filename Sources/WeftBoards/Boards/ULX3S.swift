import WeftExploration

extension Board {
  /// Radiona ULX3S: a Lattice ECP5 of 84,000 look-up tables.
  public static let ulx3s = Board(
    name: "ulx3s", title: "Radiona ULX3S (85F)", part: "LFE5U-85F-6BG381C", family: .ecp5,
    // The slowest of the speed grades.
    device: .ecp5x85.on(clock: 75e6, memory: Device.ecp5x85.memory),
    oscillator: Oscillator(frequency: 25e6, pins: ["G2"], standard: "LVCMOS33"),
    pins: [
      "led0": Pin("B2", "LVCMOS33"), "led1": Pin("C2", "LVCMOS33"), "led2": Pin("C1", "LVCMOS33"),
      "led3": Pin("D2", "LVCMOS33"), "led4": Pin("D1", "LVCMOS33"), "led5": Pin("E2", "LVCMOS33"),
      "led6": Pin("E1", "LVCMOS33"), "led7": Pin("H3", "LVCMOS33"), "button0": Pin("D6", "LVCMOS33"),
      "button1": Pin("R1", "LVCMOS33"), "uart_tx": Pin("L4", "LVCMOS33"), "uart_rx": Pin("M1", "LVCMOS33"),
    ])
}
