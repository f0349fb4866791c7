/// The processing system of a Zynq as a block design sees it: its cell, its pins, and where its software finds the
/// registers of a block.
struct ProcessingSystem {
  /// A port through which the logic reaches the processing system's memory.
  struct MemoryPort {
    /// Its interface.
    var interface: String
    /// Its clock.
    var clock: String
    /// What turns it on.
    var settings: [(String, String)]
  }

  /// The cell's type.
  let type: String
  /// The rule that applies a board's settings to it.
  let rule: String
  /// The pins of the clock and the reset that it gives the logic.
  let clock, reset: String
  /// The interface through which its software reaches the logic, and its clock.
  let control, controlClock: String
  /// The input for interrupts.
  let interrupt: String
  /// What its settings are called before `CONFIG.`'s value: the clock's, and those that are always needed.
  let settings: [(String, String)]
  /// The one of them that turns the interface for software on.
  let controlSetting: String
  /// The setting of the clock's frequency, in megahertz.
  let frequencySetting: String
  /// What turns the input for interrupts on.
  let interruptSettings: [(String, String)]
  /// The ports to memory.
  let memoryPorts: [MemoryPort]
  /// Where software finds the first block's registers.
  let controlBase: UInt64

  /// The processing system of a family; `nil` where it has none.
  init?(of family: BoardFamily) {
    switch family {
    case .zynq7000:
      type = "xilinx.com:ip:processing_system7"
      rule = "xilinx.com:bd_rule:processing_system7"
      (clock, reset) = ("FCLK_CLK0", "FCLK_RESET0_N")
      (control, controlClock) = ("M_AXI_GP0", "M_AXI_GP0_ACLK")
      interrupt = "IRQ_F2P"
      settings = [("PCW_USE_M_AXI_GP0", "1"), ("PCW_EN_CLK0_PORT", "1"), ("PCW_EN_RST0_PORT", "1")]
      controlSetting = "PCW_USE_M_AXI_GP0"
      frequencySetting = "PCW_FPGA0_PERIPHERAL_FREQMHZ"
      interruptSettings = [("PCW_USE_FABRIC_INTERRUPT", "1"), ("PCW_IRQ_F2P_INTR", "1")]
      memoryPorts = (0..<4).map { index in
        MemoryPort(
          interface: "S_AXI_HP\(index)", clock: "S_AXI_HP\(index)_ACLK",
          settings: [("PCW_USE_S_AXI_HP\(index)", "1"), ("PCW_S_AXI_HP\(index)_DATA_WIDTH", "64")])
      }
      controlBase = 0x43C0_0000
    case .zynqUltraScalePlus:
      type = "xilinx.com:ip:zynq_ultra_ps_e"
      rule = "xilinx.com:bd_rule:zynq_ultra_ps_e"
      (clock, reset) = ("pl_clk0", "pl_resetn0")
      (control, controlClock) = ("M_AXI_HPM0_FPD", "maxihpm0_fpd_aclk")
      interrupt = "pl_ps_irq0"
      settings = [
        ("PSU__USE__M_AXI_GP0", "1"), ("PSU__USE__M_AXI_GP1", "0"), ("PSU__USE__M_AXI_GP2", "0"),
        ("PSU__FPGA_PL0_ENABLE", "1"),
      ]
      controlSetting = "PSU__USE__M_AXI_GP0"
      frequencySetting = "PSU__CRL_APB__PL0_REF_CTRL__FREQMHZ"
      interruptSettings = [("PSU__USE__IRQ0", "1")]
      // The ports HP0 to HP3 are the general ones 2 to 5 among the settings.
      memoryPorts = (0..<4).map { index in
        MemoryPort(
          interface: "S_AXI_HP\(index)_FPD", clock: "saxihp\(index)_fpd_aclk",
          settings: [("PSU__USE__S_AXI_GP\(index + 2)", "1"), ("PSU__SAXIGP\(index + 2)__DATA_WIDTH", "128")])
      }
      controlBase = 0xA000_0000
    case .kintexUltraScale, .ecp5, .ice40: return nil
    }
  }
}
