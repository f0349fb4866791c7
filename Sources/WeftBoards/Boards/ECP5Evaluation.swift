import WeftExploration

extension Board {
  /// Lattice's evaluation board for the ECP5-5G (FPGA-EB-02017).
  public static let ecp5Evaluation = Board(
    name: "ecp5-evn", title: "Lattice ECP5 Evaluation Board", part: "LFE5UM5G-85F-8BG381I", family: .ecp5,
    device: .ecp5x85,
    oscillator: Oscillator(frequency: 12e6, pins: ["A10"], standard: "LVCMOS33"),
    pins: [
      "led0": Pin("A13", "LVCMOS25"), "led1": Pin("A12", "LVCMOS25"), "led2": Pin("B19", "LVCMOS25"),
      "led3": Pin("A18", "LVCMOS25"), "led4": Pin("B18", "LVCMOS25"), "led5": Pin("C17", "LVCMOS25"),
      "led6": Pin("A17", "LVCMOS25"), "led7": Pin("B17", "LVCMOS25"), "uart_tx": Pin("P2", "LVCMOS33"),
      "uart_rx": Pin("P3", "LVCMOS33"),
    ])
}
