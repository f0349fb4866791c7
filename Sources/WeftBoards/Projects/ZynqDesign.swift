/// A block design with the processing system of a Zynq: its software reaches the block's registers, and the block its
/// memory.
struct ZynqDesign: BlockDesign {
  let interface: BlockInterface
  let identity: ComponentIdentity
  let board: Board
  private let system: ProcessingSystem

  /// A design; `nil` where the board has no processing system.
  ///
  /// - Throws: `BoardError` where the block needs more ports to memory than there are.
  init?(_ interface: BlockInterface, identity: ComponentIdentity, board: Board) throws(BoardError) {
    guard let system = ProcessingSystem(of: board.family) else { return nil }
    guard interface.memories.count <= system.memoryPorts.count else {
      throw BoardError(
        "'\(interface.name)' reaches memory through \(interface.memories.count) buses, but the board '\(board.name)' "
          + "has \(system.memoryPorts.count) ports; join some of them in the block")
    }
    self.interface = interface
    self.identity = identity
    self.board = board
    self.system = system
  }

  var commands: [String] { processor + [""] + connections }
  var constraints: String { "# The clock comes from the processing system, whose own constraints say how fast it is.\n" }

  private var processor: [String] {
    let ports = system.memoryPorts.prefix(interface.memories.count)
    var settings = system.settings.map { setting in
      // A way for software that leads nowhere is turned off.
      interface.control == nil && setting.0 == system.controlSetting ? (setting.0, "0") : setting
    }
    settings += ports.flatMap(\.settings)
    settings.append((system.frequencySetting, board.megahertz))
    if !interface.interrupts.isEmpty { settings += system.interruptSettings }
    var lines = [
      "set ps [\(cell("ps", system.type))]",
      "set preset [expr {$description ne {} ? 1 : 0}]",
    ]
    let external = board.family == .zynq7000 ? "make_external {FIXED_IO, DDR} " : ""
    lines.append("apply_bd_automation -rule \(system.rule) -config [list \(external)apply_board_preset $preset] $ps")
    let own = board.processorSettings.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    if !own.isEmpty {
      lines += ["if {!$preset} {"] + configuration(own, of: "$ps").map { "  " + $0 } + ["}"]
    }
    return lines + configuration(settings, of: "$ps")
  }

  private var connections: [String] {
    var clocked = ["reset/slowest_sync_clk"]
    var cleared: [String] = []
    var lines = [
      cell("reset", "xilinx.com:ip:proc_sys_reset"), connect("ps/\(system.reset)", "reset/ext_reset_in"), blockCell,
    ]
    if let domain = interface.domain { clocked.append("block/\(domain.clock)") }
    lines += blockReset
    if let control = interface.control {
      lines += interconnect("control", from: "ps/\(system.control)", to: "block/\(control.name)")
      clocked += ["ps/\(system.controlClock)", "control/aclk"]
      cleared.append("control/aresetn")
    }
    for (index, bus) in interface.memories.enumerated() {
      let port = system.memoryPorts[index]
      lines += interconnect("memory\(index)", from: "block/\(bus.name)", to: "ps/\(port.interface)")
      clocked += ["ps/\(port.clock)", "memory\(index)/aclk"]
      cleared.append("memory\(index)/aresetn")
    }
    lines += clocked.map { connect("ps/\(system.clock)", $0) }
    lines += cleared.map { connect("reset/peripheral_aresetn", $0) }
    lines += pinCommands
    for interrupt in interface.interrupts.prefix(1) {
      lines.append(connect("block/\(interrupt.name)", "ps/\(system.interrupt)"))
    }
    return lines + registerAddresses(at: system.controlBase) + ["assign_bd_address"]
  }

  /// A cell between two buses that adapts their widths and protocols.
  private func interconnect(_ name: String, from manager: String, to subordinate: String) -> [String] {
    [
      cell(name, "xilinx.com:ip:smartconnect"),
      "set_property -dict [list CONFIG.NUM_SI {1} CONFIG.NUM_MI {1}] [get_bd_cells \(name)]",
      connectBus(manager, "\(name)/S00_AXI"),
      connectBus("\(name)/M00_AXI", subordinate),
    ]
  }
}
