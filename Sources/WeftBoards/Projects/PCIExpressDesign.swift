/// A block design behind PCI Express: the host reaches the block's registers and the board's memory through a DMA
/// (XDMA), and the block reaches that memory too.
///
/// The clock that the board is designed for is made of the DMA's. The block is held in reset until the memory is ready;
/// its interrupt passes two registers on its way to the DMA, whose clock is another.
struct PCIExpressDesign: BlockDesign {
  let interface: BlockInterface
  let identity: ComponentIdentity
  let board: Board
  private let edge: PCIExpress
  private let memory: BoardMemory

  /// A design; `nil` where the board has no PCI Express.
  ///
  /// - Throws: `BoardError` where no memory is described, or the block cannot address all of it.
  init?(_ interface: BlockInterface, identity: ComponentIdentity, board: Board) throws(BoardError) {
    guard let edge = board.pciExpress else { return nil }
    guard let memory = board.memory, !memory.ports.isEmpty else {
      throw BoardError(
        "the board '\(board.name)' has PCI Express, but no memory for what passes there; describe it under 'memory'")
    }
    for bus in interface.memories where bus.addressWidth < Self.bits(memory.bytes) {
      throw BoardError(
        "the bus '\(bus.name)' of '\(interface.name)' has addresses of \(bus.addressWidth) bits, but the memory of the "
          + "board '\(board.name)' begins at zero and takes \(Self.bits(memory.bytes)); give the bus as many")
    }
    guard interface.memories.count < Self.mostManagers else {
      throw BoardError(
        "'\(interface.name)' reaches memory through \(interface.memories.count) buses, but the block design joins "
          + "\(Self.mostManagers - 1) at most; join some of them in the block")
    }
    self.interface = interface
    self.identity = identity
    self.board = board
    self.edge = edge
    self.memory = memory
  }

  /// The most managers at the memory, of which the DMA is one.
  private static let mostManagers = 16
  /// The bits that address so many bytes.
  private static func bits(_ bytes: Int) -> Int { Int.bitWidth - max(bytes - 1, 1).leadingZeroBitCount }

  var needsDescription: Bool { true }
  var modules: [ProjectFile] { interface.interrupts.isEmpty ? [] : [Self.synchroniser] }

  var commands: [String] { host + controller + [""] + clocks + buses + pinCommands + interrupts + [""] + addresses }

  var constraints: String {
    let remark = "# Clocks come from the DMA and from the memory's controller, whose own constraints say how fast they are.\n"
    guard !interface.interrupts.isEmpty else { return remark }
    return remark
      + "# An interrupt is a level: when it comes to its first register does not matter.\n"
      + "set_false_path -to [get_pins -hierarchical -filter {NAME =~ *interrupt/*/first_reg/D}]\n"
  }

  // MARK: Cells

  /// The DMA at the edge, and the buffer of its reference clock.
  private var host: [String] {
    var lines = [
      "create_bd_intf_port -mode Slave -vlnv xilinx.com:interface:diff_clock_rtl:1.0 \(edge.referenceClock)",
      "set_property CONFIG.FREQ_HZ {100000000} [get_bd_intf_ports \(edge.referenceClock)]",
      "create_bd_intf_port -mode Master -vlnv xilinx.com:interface:pcie_7x_mgt_rtl:1.0 \(edge.interface)",
      "create_bd_port -dir I -type rst \(edge.reset)",
      "set_property CONFIG.POLARITY {ACTIVE_LOW} [get_bd_ports \(edge.reset)]",
      cell("refclk", "xilinx.com:ip:util_ds_buf"),
    ]
    lines += configuration(
      [("C_BUF_TYPE", "IBUFDSGTE"), ("DIFF_CLK_IN_BOARD_INTERFACE", edge.referenceClock), ("USE_BOARD_FLOW", "true")],
      of: "[get_bd_cells refclk]")
    lines.append(cell("xdma", "xilinx.com:ip:xdma"))
    lines += configuration(
      [
        ("PCIE_BOARD_INTERFACE", edge.interface), ("SYS_RST_N_BOARD_INTERFACE", edge.reset),
        ("xdma_axi_intf_mm", "AXI_Memory_Mapped"), ("axi_data_width", "\(edge.dataWidth)_bit"),
        ("axisten_freq", "\(Int(edge.clock / 1e6))"), ("xdma_rnum_chnl", "1"), ("xdma_wnum_chnl", "1"),
        ("xdma_num_usr_irq", "1"), ("axilite_master_en", interface.control == nil ? "false" : "true"),
        ("axilite_master_size", "1"), ("axilite_master_scale", "Megabytes"),
      ], of: "[get_bd_cells xdma]")
    return lines + [
      "connect_bd_intf_net [get_bd_intf_ports \(edge.referenceClock)] [get_bd_intf_pins refclk/CLK_IN_D]",
      "connect_bd_intf_net [get_bd_intf_pins xdma/pcie_mgt] [get_bd_intf_ports \(edge.interface)]",
      "connect_bd_net [get_bd_ports \(edge.reset)] [get_bd_pins xdma/sys_rst_n]",
      connect("refclk/IBUF_DS_ODIV2", "xdma/sys_clk"),
      connect("refclk/IBUF_OUT", "xdma/sys_clk_gt"),
    ]
  }

  /// The memory's controller.
  private var controller: [String] {
    let port = memory.ports[0]
    var lines = [
      "",
      "create_bd_intf_port -mode Slave -vlnv xilinx.com:interface:diff_clock_rtl:1.0 \(edge.memoryClock)",
      "create_bd_intf_port -mode Master -vlnv xilinx.com:interface:ddr4_rtl:1.0 \(port)",
      cell("ddr4", "xilinx.com:ip:ddr4"),
    ]
    lines += configuration(
      [("C0_CLOCK_BOARD_INTERFACE", edge.memoryClock), ("C0_DDR4_BOARD_INTERFACE", port)], of: "[get_bd_cells ddr4]")
    if let oscillator = board.oscillator {
      lines.append(
        "set_property CONFIG.FREQ_HZ {\(Int(oscillator.frequency))} [get_bd_intf_ports \(edge.memoryClock)]")
    }
    return lines + [
      "connect_bd_intf_net [get_bd_intf_ports \(edge.memoryClock)] [get_bd_intf_pins ddr4/C0_SYS_CLK]",
      "connect_bd_intf_net [get_bd_intf_pins ddr4/C0_DDR4] [get_bd_intf_ports \(port)]",
    ]
  }

  /// The block's clock and all resets: the memory's begins with the host's, the block's ends with the memory's
  /// calibration.
  private var clocks: [String] {
    var lines = [cell("clock", "xilinx.com:ip:clk_wiz")]
    lines += configuration(
      [
        ("PRIM_SOURCE", "No_buffer"), ("PRIM_IN_FREQ", "\(Int(edge.clock / 1e6))"),
        ("CLKOUT1_REQUESTED_OUT_FREQ", board.megahertz), ("USE_RESET", "false"), ("USE_LOCKED", "true"),
      ], of: "[get_bd_cells clock]")
    lines += [
      connect("xdma/axi_aclk", "clock/clk_in1"),
      cell("reset", "xilinx.com:ip:proc_sys_reset"),
      "set_property CONFIG.C_AUX_RESET_HIGH {0} [get_bd_cells reset]",
      connect("clock/clk_out1", "reset/slowest_sync_clk"),
      connect("xdma/axi_aresetn", "reset/ext_reset_in"),
      connect("clock/locked", "reset/dcm_locked"),
      connect("ddr4/c0_init_calib_complete", "reset/aux_reset_in"),
      cell("invert", "xilinx.com:ip:util_vector_logic"),
      "set_property -dict [list CONFIG.C_OPERATION {not} CONFIG.C_SIZE {1}] [get_bd_cells invert]",
      connect("xdma/axi_aresetn", "invert/Op1"),
      connect("invert/Res", "ddr4/sys_rst"),
      cell("memory_reset", "xilinx.com:ip:proc_sys_reset"),
      connect("ddr4/c0_ddr4_ui_clk", "memory_reset/slowest_sync_clk"),
      connect("ddr4/c0_ddr4_ui_clk_sync_rst", "memory_reset/ext_reset_in"),
      connect("memory_reset/peripheral_aresetn", "ddr4/c0_ddr4_aresetn"),
      blockCell,
    ]
    if let domain = interface.domain { lines.append(connect("clock/clk_out1", "block/\(domain.clock)")) }
    return lines + blockReset
  }

  // MARK: Buses

  private var buses: [String] {
    var lines: [String] = []
    if let control = interface.control {
      lines += interconnect("control", managers: 1, clocks: ["xdma/axi_aclk", "clock/clk_out1"])
      lines += [
        connectBus("xdma/M_AXI_LITE", "control/S00_AXI"), connectBus("control/M00_AXI", "block/\(control.name)"),
      ]
    }
    let managers = ["xdma/M_AXI"] + interface.memories.map { "block/\($0.name)" }
    lines += interconnect(
      "memory", managers: managers.count, clocks: ["xdma/axi_aclk", "ddr4/c0_ddr4_ui_clk", "clock/clk_out1"])
    for (index, manager) in managers.enumerated() {
      lines.append(connectBus(manager, "memory/S\(index < 10 ? "0" : "")\(index)_AXI"))
    }
    return lines + [connectBus("memory/M00_AXI", "ddr4/C0_DDR4_S_AXI")]
  }

  /// A cell between buses of several clocks.
  private func interconnect(_ name: String, managers: Int, clocks: [String]) -> [String] {
    var lines = [cell(name, "xilinx.com:ip:smartconnect")]
    lines.append(
      "set_property -dict [list CONFIG.NUM_SI {\(managers)} CONFIG.NUM_MI {1} CONFIG.NUM_CLKS {\(clocks.count)}] "
        + "[get_bd_cells \(name)]")
    for (index, clock) in clocks.enumerated() {
      lines.append(connect(clock, "\(name)/aclk\(index == 0 ? "" : "\(index)")"))
    }
    return lines + [connect("reset/peripheral_aresetn", "\(name)/aresetn")]
  }

  private var addresses: [String] {
    registerAddresses(at: 0) + [
      "assign_bd_address -offset 0x0 -range \(memory.bytes >> 20)M "
        + "[get_bd_addr_segs ddr4/C0_DDR4_MEMORY_MAP/C0_DDR4_ADDRESS_BLOCK]",
      "assign_bd_address",
    ]
  }

  // MARK: Interrupts

  private var interrupts: [String] {
    guard let interrupt = interface.interrupts.first else {
      return [
        cell("no_interrupt", "xilinx.com:ip:xlconstant"),
        "set_property -dict [list CONFIG.CONST_WIDTH {1} CONFIG.CONST_VAL {0}] [get_bd_cells no_interrupt]",
        connect("no_interrupt/dout", "xdma/usr_irq_req"),
      ]
    }
    return [
      "create_bd_cell -type module -reference interrupt_synchroniser interrupt",
      connect("xdma/axi_aclk", "interrupt/clock"),
      connect("block/\(interrupt.name)", "interrupt/level"),
      connect("interrupt/synchronised", "xdma/usr_irq_req"),
    ]
  }

  /// Two registers of the DMA's clock.
  private static let synchroniser = ProjectFile(
    "vivado/interrupt_synchroniser.v",
    """
    // Brings an interrupt, a level, to another clock.
    module interrupt_synchroniser (
      input  wire clock,
      input  wire level,
      output wire synchronised
    );
      (* ASYNC_REG = "TRUE" *) reg first = 1'b0;
      (* ASYNC_REG = "TRUE" *) reg second = 1'b0;
      always @(posedge clock) begin
        first <= level;
        second <= first;
      end
      assign synchronised = second;
    endmodule

    """)
}
