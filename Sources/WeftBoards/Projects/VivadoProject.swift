/// The Vivado project of a block: a block design in which software reaches the block's registers and the block reaches
/// memory, and a build that ends in a bitstream and the hardware's handoff.
struct VivadoProject {
  private let board: Board
  private let identity: ComponentIdentity
  private let design: any BlockDesign & Sendable

  /// A project.
  ///
  /// - Throws: `BoardError` where the board has no way for software to reach the block, or no place for the block.
  init(_ interface: BlockInterface, identity: ComponentIdentity, board: Board) throws(BoardError) {
    guard interface.domain != nil else {
      throw BoardError("'\(interface.name)' has no clock, so that no block design has a place for it")
    }
    self.board = board
    self.identity = identity
    if let design = try ZynqDesign(interface, identity: identity, board: board) {
      self.design = design
    } else if let design = try PCIExpressDesign(interface, identity: identity, board: board) {
      self.design = design
    } else {
      throw BoardError(
        "the board '\(board.name)' has no processing system and no PCI Express, so that no software reaches a block "
          + "on it; describe the board's 'pciExpress', or place the block in a design of your own by component.xml")
    }
    let pins = Set(design.pins)
    for port in interface.loosePorts where port.isInput && !pins.contains(port) {
      throw BoardError(
        "nothing drives the input '\(port.name)' of '\(interface.name)' on the board '\(board.name)': it is part of no "
          + "bus, and the board has no pin of that name; make it a register"
          + (board.pins.isEmpty ? "" : ", or call it after one of " + board.pins.keys.sorted().joined(separator: ", ")))
    }
  }

  /// The project's files.
  var files: [ProjectFile] {
    [
      ProjectFile("vivado/create_project.tcl", creation), ProjectFile("vivado/build.tcl", build),
      ProjectFile("vivado/constraints.xdc", constraints), ProjectFile("Makefile", makefile),
    ] + design.modules
  }

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
    if design.needsDescription {
      lines += [
        "if {$description eq {}} {",
        "  error {the description of the board \(board.name) is not installed; get it from the board store of Vivado}",
        "}",
      ]
    }
    lines += [
      "set_property ip_repo_paths [list $root] [current_project]",
      "update_ip_catalog",
      "add_files -fileset constrs_1 [file join $here constraints.xdc]",
    ]
    for file in design.modules {
      lines += ["add_files -norecurse [file join $root {\(file.path)}]", "update_compile_order -fileset sources_1"]
    }
    lines += [
      "",
      "create_bd_design system",
    ]
    lines += design.commands + [
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
    let lines = design.pins.compactMap { port in
      board.pins[port.name].map {
        "set_property -dict {PACKAGE_PIN \($0.location) IOSTANDARD \($0.standard)} [get_ports {\(port.name)}]\n"
      }
    }
    return design.constraints + lines.joined()
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
