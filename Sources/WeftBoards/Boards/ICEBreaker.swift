import WeftExploration

extension Board {
  /// 1BitSquared iCEBreaker: a Lattice iCE40 UP5K (FPGA-DS-02008). Its 30 block RAMs of 4 Kib count as six of 18 Kib.
  public static let icebreaker = Board(
    name: "icebreaker", title: "1BitSquared iCEBreaker", part: "ICE40UP5K-SG48", family: .ice40,
    device: .up5k,
    oscillator: Oscillator(frequency: 12e6, pins: ["35"], standard: "LVCMOS33"),
    pins: [
      "led_red": Pin("11", "LVCMOS33"), "led_green": Pin("37", "LVCMOS33"), "button": Pin("10", "LVCMOS33"),
      "uart_tx": Pin("9", "LVCMOS33"), "uart_rx": Pin("6", "LVCMOS33"),
    ])
}
