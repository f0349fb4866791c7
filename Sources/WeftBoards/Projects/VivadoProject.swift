import Weft

/// The Vivado project of a block on a board with a processing system: a block design in which software reaches the
/// block's registers and the block reaches memory, and a build that ends in a bitstream and the hardware's handoff.
struct VivadoProject {
  private let board: Board
  private let identity: ComponentIdentity
  private let interface: BlockInterface
  private let system: ProcessingSystem

  /// A project.
  ///
  /// - Throws: `BoardError` where the board has no processing system, or the block needs more ports than it has.
  init(_ interface: BlockInterface, identity: ComponentIdentity, board: Board) throws(BoardError) {
    guard let system = ProcessingSystem(of: board.family) else {
      throw BoardError(
        "the board '\(board.name)' has no processing system, and a block design without one is not written yet; "
          + "component.xml places the block in a design of your own")
    }
    guard interface.memories.count <= system.memoryPorts.count else {
      throw BoardError(
        "'\(interface.name)' reaches memory through \(interface.memories.count) buses, but the board '\(board.name)' "
          + "has \(system.memoryPorts.count) ports; join some of them in the block")
    }
    guard interface.domain != nil else {
      throw BoardError("'\(interface.name)' has no clock, so that no block design has a place for it")
    }
    self.board = board
    self.identity = identity
    self.interface = interface
    self.system = system
    for port in interface.loosePorts where port.isInput && !isPin(port) {
      throw BoardError(
        "nothing drives the input '\(port.name)' of '\(interface.name)' on the board '\(board.name)': it is part of no "
          + "bus, and the board has no pin of that name; make it a register, or call it after one of "
          + board.pins.keys.sorted().joined(separator: ", "))
    }
  }

  /// The ports that are pins of the board.
  private var pins: [BlockPort] { interface.loosePorts.filter(isPin) }
  private func isPin(_ port: BlockPort) -> Bool { port.width == 1 && board.pins[port.name] != nil }

  /// The project's files.
  var files: [ProjectFile] {
    [
      ProjectFile("vivado/create_project.tcl", creation), ProjectFile("vivado/build.tcl", build),
      ProjectFile("vivado/constraints.xdc", constraints), ProjectFile("Makefile", makefile),
    ]
  }

  /// Where software finds the block's registers; `nil` where it has none.
  var controlBase: UInt64? { interface.control == nil ? nil : system.controlBase }

  // MARK: Scripts

  private var creation: String {
    var lines = [
      "# Makes the project of \(identity.name) for the board \(board.title).",
      "# usage: vivado -mode batch -source create_project.tcl",
      "set here [file dirname [file normalize [info script]]]",
      "set root [file dirname $here]",
      "create_project -force \(identity.name) [file join $here project] -part \(board.part)",
    ]
    if let boardPart = board.boardPart {
      let anyVersion = boardPart.split(separator: ":").dropLast().joined(separator: ":") + ":*"
      lines += [
        "set description [lindex [get_board_parts -quiet -latest_file_version {\(anyVersion)}] 0]",
        "if {$description ne {}} { set_property board_part $description [current_project] }",
      ]
    } else {
      lines.append("set description {}")
    }
    lines += [
      "set_property ip_repo_paths [list $root] [current_project]",
      "update_ip_catalog",
      "add_files -fileset constrs_1 [file join $here constraints.xdc]",
      "",
      "create_bd_design system",
    ]
    lines += processor + [""] + connections + [
      "",
      "validate_bd_design",
      "save_bd_design",
      "set wrapper [make_wrapper -files [get_files system.bd] -top]",
      "add_files -norecurse $wrapper",
      "set_property top system_wrapper [current_fileset]",
      "update_compile_order -fileset sources_1",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  private var processor: [String] {
    let ports = system.memoryPorts.prefix(interface.memories.count)
    let megahertz = board.device.clock / 1e6
    var settings = system.settings + ports.flatMap(\.settings)
    settings.append((system.frequencySetting, megahertz == megahertz.rounded() ? "\(Int(megahertz))" : "\(megahertz)"))
    if !interface.interrupts.isEmpty { settings += system.interruptSettings }
    var lines = [
      "set ps [create_bd_cell -type ip -vlnv \(system.type) ps]",
      "set preset [expr {$description ne {} ? 1 : 0}]",
    ]
    let external = board.family == .zynq7000 ? "make_external {FIXED_IO, DDR} " : ""
    lines.append("apply_bd_automation -rule \(system.rule) -config [list \(external)apply_board_preset $preset] $ps")
    let own = board.processorSettings.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    if !own.isEmpty {
      lines += ["if {!$preset} {"] + Self.configuration(own, of: "$ps").map { "  " + $0 } + ["}"]
    }
    return lines + Self.configuration(settings, of: "$ps")
  }

  private static func configuration(_ settings: [(String, String)], of cell: String) -> [String] {
    ["set_property -dict [list \\"] + settings.map { "  CONFIG.\($0.0) {\($0.1)} \\" } + ["] \(cell)"]
  }

  private var connections: [String] {
    let (clock, reset) = ("[get_bd_pins ps/\(system.clock)]", "[get_bd_pins reset/peripheral_aresetn]")
    var clocked = ["reset/slowest_sync_clk"]
    var cleared: [String] = []
    var lines = [
      "create_bd_cell -type ip -vlnv xilinx.com:ip:proc_sys_reset reset",
      "connect_bd_net [get_bd_pins ps/\(system.reset)] [get_bd_pins reset/ext_reset_in]",
      "create_bd_cell -type ip -vlnv \(identity.vendor):\(identity.library):\(identity.name):\(identity.version) block",
    ]
    if let domain = interface.domain {
      clocked.append("block/\(domain.clock)")
      if interface.hasReset {
        let source = domain.isResetActiveHigh ? "peripheral_reset" : "peripheral_aresetn"
        lines.append("connect_bd_net [get_bd_pins reset/\(source)] [get_bd_pins block/\(domain.reset)]")
      }
    }
    if let control = interface.control {
      lines += Self.interconnect(
        "control", from: "ps/\(system.control)", to: "block/\(control.name)")
      clocked += ["ps/\(system.controlClock)", "control/aclk"]
      cleared.append("control/aresetn")
    }
    for (index, bus) in interface.memories.enumerated() {
      let port = system.memoryPorts[index]
      lines += Self.interconnect("memory\(index)", from: "block/\(bus.name)", to: "ps/\(port.interface)")
      clocked += ["ps/\(port.clock)", "memory\(index)/aclk"]
      cleared.append("memory\(index)/aresetn")
    }
    lines += clocked.map { "connect_bd_net \(clock) [get_bd_pins \($0)]" }
    lines += cleared.map { "connect_bd_net \(reset) [get_bd_pins \($0)]" }
    for pin in pins {
      lines += [
        "create_bd_port -dir \(pin.isInput ? "I" : "O") \(pin.name)",
        "connect_bd_net [get_bd_pins block/\(pin.name)] [get_bd_ports \(pin.name)]",
      ]
    }
    for interrupt in interface.interrupts.prefix(1) {
      lines.append("connect_bd_net [get_bd_pins block/\(interrupt.name)] [get_bd_pins ps/\(system.interrupt)]")
    }
    if let control = interface.control {
      let base = "0x" + String(system.controlBase, radix: 16, uppercase: true)
      lines.append("assign_bd_address -offset \(base) -range 64K [get_bd_addr_segs block/\(control.name)/registers]")
    }
    return lines + ["assign_bd_address"]
  }

  /// A cell between two buses that adapts their widths and protocols.
  private static func interconnect(_ name: String, from manager: String, to subordinate: String) -> [String] {
    [
      "create_bd_cell -type ip -vlnv xilinx.com:ip:smartconnect \(name)",
      "set_property -dict [list CONFIG.NUM_SI {1} CONFIG.NUM_MI {1}] [get_bd_cells \(name)]",
      "connect_bd_intf_net [get_bd_intf_pins \(manager)] [get_bd_intf_pins \(name)/S00_AXI]",
      "connect_bd_intf_net [get_bd_intf_pins \(name)/M00_AXI] [get_bd_intf_pins \(subordinate)]",
    ]
  }

  private var build: String {
    """
    # Builds the bitstream NAME.bit, its description NAME.hwh and the handoff NAME.xsa of \(identity.name).
    # usage: vivado -mode batch -source build.tcl
    set here [file dirname [file normalize [info script]]]
    open_project [file join $here project \(identity.name).xpr]
    launch_runs impl_1 -to_step write_bitstream -jobs 4
    wait_on_run impl_1
    if {[get_property PROGRESS [get_runs impl_1]] ne {100%}} { error {the implementation failed; see its log} }
    open_run impl_1
    report_timing_summary -file [file join $here timing.txt]
    report_utilization -hierarchical -file [file join $here utilisation.txt]
    set slack [get_property SLACK [get_timing_paths -delay_type max]]
    if {$slack < 0} { error "the clock is missed by [expr {-$slack}] ns; see timing.txt" }
    set name \(identity.name)
    set run [file join $here project $name.runs impl_1]
    set generated [file join $here project $name.gen sources_1 bd system hw_handoff]
    file copy -force [file join $run system_wrapper.bit] [file join $here $name.bit]
    file copy -force [file join $generated system.hwh] [file join $here $name.hwh]
    write_hw_platform -fixed -include_bit -force [file join $here $name.xsa]

    """
  }

  private var constraints: String {
    let lines = pins.compactMap { port in
      board.pins[port.name].map {
        "set_property -dict {PACKAGE_PIN \($0.location) IOSTANDARD \($0.standard)} [get_ports {\(port.name)}]\n"
      }
    }
    return "# The clock comes from the processing system, whose own constraints say how fast it is.\n" + lines.joined()
  }

  private var makefile: String {
    """
    # Builds the bitstream with Vivado.
    all: vivado/\(identity.name).bit

    vivado/project/\(identity.name).xpr: vivado/create_project.tcl component.xml
    \tcd vivado && vivado -mode batch -nojournal -source create_project.tcl

    vivado/\(identity.name).bit: vivado/project/\(identity.name).xpr vivado/build.tcl
    \tcd vivado && vivado -mode batch -nojournal -source build.tcl

    clean:
    \trm -rf vivado/project vivado/\(identity.name).bit vivado/\(identity.name).hwh vivado/\(identity.name).xsa

    .PHONY: all clean

    """
  }
}
