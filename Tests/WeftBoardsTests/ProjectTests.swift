import Foundation
import Testing
import Weft
import WeftBoards
import WeftStreams

@Suite struct ProjectTests {
  private func text(_ path: String, of project: BoardProject) throws -> String {
    try #require(project.files.first { $0.path == path }, "\(path)").contents
  }

  /// The project of the sample that has a place on a board.
  private func project(for board: Board, summary: String) throws -> BoardProject {
    switch board.family {
    case .zynqUltraScalePlus:
      try BoardProject(Design(Stopwatch()), for: board, summary: summary, registers: Stopwatch.map)
    case .zynq7000, .kintexUltraScale: try BoardProject(Design(SampleBlock()), for: board, summary: summary)
    case .ecp5, .ice40: try BoardProject(Design(Blinker()), for: board, summary: summary)
    }
  }

  /// Writes the projects of all samples for all boards that have a place for them; `scripts/regress boards` keeps them
  /// and has tools read them.
  @Test func everyBoardHasAProject() throws {
    let kept = ProcessInfo.processInfo.environment["WEFT_KEEP_PROJECTS"].map { URL(fileURLWithPath: $0) }
    let folder = kept ?? FileManager.default.temporaryDirectory.appendingPathComponent("weft-projects-\(UUID())")
    defer { if kept == nil { try? FileManager.default.removeItem(at: folder) } }
    // A design on pins alone has a place on every board.
    for board in Board.known where board.family.tools == .vivado {
      try BoardProject(Design(Blinker()), for: board).write(to: folder.appendingPathComponent("pins-\(board.name)"))
    }
    for board in Board.known {
      let project = try project(for: board, summary: "A sample for \"\(board.title)\" <&>")
      #expect(Set(project.files.map(\.path)).count == project.files.count)
      let place = folder.appendingPathComponent(board.name)
      try project.write(to: place)
      for file in project.files {
        #expect(try String(contentsOf: place.appendingPathComponent(file.path), encoding: .utf8) == file.contents)
      }
    }
  }

  @Test func aProjectIsWritten() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("weft-project-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let project = try BoardProject(Design(Blinker()), for: .ulx3s)
    try project.write(to: folder)
    #expect(
      try FileManager.default.subpathsOfDirectory(atPath: folder).sorted() == [
        "Blinker.core", "Blinker.ipxact.xml", "Blinker.lpf", "Makefile", "rtl", "rtl/Blinker.v", "rtl/files.f",
      ])
  }

  @Test func registersAreDescribed() throws {
    let project = try BoardProject(Design(Stopwatch()), for: .zcu102, registers: Stopwatch.map)
    let paths = project.files.map(\.path).filter { $0.hasPrefix("software/") }
    #expect(
      paths == [
        "software/stopwatch_registers.h", "software/stopwatch_registers.py", "software/stopwatch.rdl",
        "software/stopwatch_registers.html",
      ])
    let description = try text("Stopwatch.ipxact.xml", of: project)
    #expect(
      description.contains(
        """
                <ipxact:register>
                  <ipxact:name>state</ipxact:name>
                  <ipxact:addressOffset>16</ipxact:addressOffset>
                  <ipxact:size>32</ipxact:size>
                  <ipxact:field>
                    <ipxact:name>count</ipxact:name>
                    <ipxact:description>Cycles since &lt;clear&gt;.</ipxact:description>
                    <ipxact:bitOffset>0</ipxact:bitOffset>
                    <ipxact:bitWidth>16</ipxact:bitWidth>
                    <ipxact:volatile>true</ipxact:volatile>
                    <ipxact:access>read-only</ipxact:access>
                  </ipxact:field>
        """))
  }

  @Test func pinsAreConnected() throws {
    let project = try BoardProject(Design(Stopwatch()), for: .zcu102)
    #expect(
      try text("vivado/constraints.xdc", of: project) == """
        # The clock comes from the processing system, whose own constraints say how fast it is.
        set_property -dict {PACKAGE_PIN AG14 IOSTANDARD LVCMOS33} [get_ports {led0}]

        """)
    #expect(
      try text("vivado/create_project.tcl", of: project).contains(
        """
        create_bd_port -dir O led0
        connect_bd_net [get_bd_pins block/led0] [get_bd_ports led0]
        """))
  }

  @Test func anInputThatNothingDrivesIsRefused() throws {
    struct Listener: Module {
      var s_axis: AXI4Stream { input(.bundle(AXI4Stream(dataWidth: 8))) }
      var gain: Unsigned { input(.unsigned(4)) }
      var sum: Unsigned { register(.unsigned(4)) }
      var body: Circuit {
        s_axis.t.ready <== 1
        When(s_axis.t.fires) { sum <== sum &+ gain }
      }
    }
    let design = try Design(Listener())
    let error = #expect(throws: BoardError.self) { try BoardProject(design, for: .pynqZ1) }
    #expect(
      error?.message == "nothing drives the input 'gain' of 'Listener' on the board 'pynq-z1': it is part of no bus, "
        + "and the board has no pin of that name; make it a register, or call it after one of button0, button1, button2, "
        + "button3, led0, led1, led2, led3")
  }

  @Test func registersNeedTheirBus() throws {
    let (without, narrow) = try (Design(Blinker()), Design(SampleBlock()))
    let wide = RegisterMap("wide") { Register("last", at: 1024) { Stopwatch.enable } }
    let errors = [
      #expect(throws: BoardError.self) { try BoardProject(without, for: .ulx3s, registers: Stopwatch.map) },
      #expect(throws: BoardError.self) { try BoardProject(narrow, for: .pynqZ1, registers: wide) },
    ]
    #expect(
      errors.compactMap { $0?.message } == [
        "'Blinker' has registers, but no AXI4-Lite bus on which it answers",
        "the bus 's_axi' of 'SampleBlock' has addresses of 8 bits and words of 32; the registers 'wide' take 11 and 32",
      ])
  }

  @Test func aBoardThatNoSoftwareReachesSaysSo() throws {
    var board = Board.kcu1500
    board.pciExpress = nil
    let error = #expect(throws: BoardError.self) { try BoardProject(Design(SampleBlock()), for: board) }
    #expect(
      error?.message == "the board 'kcu1500' has no processing system and no PCI Express, so that no software reaches a "
        + "block on it; describe the board's 'pciExpress', or place the block in a design of your own by component.xml")
  }

  @Test func theBlockDesignBehindPCIExpress() throws {
    let project = try BoardProject(Design(SampleBlock()), for: .kcu1500)
    let script = try text("vivado/create_project.tcl", of: project)
    for line in [
      "  error {the description of the board kcu1500 is not installed; get it from the board store of Vivado}",
      "connect_bd_intf_net [get_bd_intf_pins xdma/M_AXI_LITE] [get_bd_intf_pins control/S00_AXI]",
      "connect_bd_intf_net [get_bd_intf_pins xdma/M_AXI] [get_bd_intf_pins memory/S00_AXI]",
      "connect_bd_intf_net [get_bd_intf_pins block/m_axi] [get_bd_intf_pins memory/S01_AXI]",
      "connect_bd_net [get_bd_pins block/interrupt] [get_bd_pins interrupt/level]",
      "assign_bd_address -offset 0x0 -range 64K [get_bd_addr_segs block/s_axi/registers]",
      "assign_bd_address -offset 0x0 -range 4096M [get_bd_addr_segs ddr4/C0_DDR4_MEMORY_MAP/C0_DDR4_ADDRESS_BLOCK]",
    ] { #expect(script.contains(line + "\n"), "\(line)") }
    #expect(try text("vivado/constraints.xdc", of: project).contains("*interrupt/*/first_reg/D"))
    #expect(try text("vivado/interrupt_synchroniser.v", of: project).contains("module interrupt_synchroniser ("))
  }

  @Test func aBusThatReachesPartOfTheMemoryIsRefused() throws {
    var board = Board.kcu1500
    board.memory?.bytes = 8 << 30
    let error = #expect(throws: BoardError.self) { try BoardProject(Design(SampleBlock()), for: board) }
    #expect(
      error?.message == "the bus 'm_axi' of 'SampleBlock' has addresses of 32 bits, but the memory of the board "
        + "'kcu1500' begins at zero and takes 33; give the bus as many")
    board.memory = nil
    #expect(throws: BoardError.self) { try BoardProject(Design(SampleBlock()), for: board) }
  }

  @Test func theBlockDesignOfAZynq() throws {
    let project = try BoardProject(Design(SampleBlock()), for: .pynqZ1)
    let script = try text("vivado/create_project.tcl", of: project)
    #expect(script == Self.creation)
    #expect(try text("vivado/build.tcl", of: project).contains("write_hw_platform -fixed -include_bit"))
  }

  @Test func theConstraintsOfAnECP5() throws {
    let project = try BoardProject(Design(Blinker()), for: .ulx3s)
    #expect(
      try text("Blinker.lpf", of: project) == """
        # The pins of Blinker on the Radiona ULX3S (85F).
        LOCATE COMP "clock" SITE "G2";
        IOBUF PORT "clock" IO_TYPE=LVCMOS33;
        LOCATE COMP "led0" SITE "B2";
        IOBUF PORT "led0" IO_TYPE=LVCMOS33;
        FREQUENCY PORT "clock" 25.0 MHZ;

        """)
    #expect(
      try text("Blinker.core", of: project) == """
        CAPI=2:
        name: "weft.local:user:Blinker:1.0"
        description: "Blinker()"
        filesets:
          rtl:
            file_type: verilogSource-2005
            files:
              - "rtl/Blinker.v"
        targets:
          default:
            filesets: [rtl]
            toplevel: Blinker
          lint:
            default_tool: verilator
            filesets: [rtl]
            toplevel: Blinker
            tools:
              verilator:
                mode: lint-only
                verilator_options: [-Wall]

        """)
  }

  @Test func nothingOfABoardIsCode() throws {
    let design = try Design(Blinker())
    let attacks: [(inout Board) -> Void] = [
      { $0.part = "x -tclargs [exec rm]" }, { $0.name = "../up" }, { $0.title = "a\nexec rm" },
      { $0.pins["led0"] = Pin("B2\"; x", "LVCMOS33") }, { $0.pins["a b"] = Pin("B2", "LVCMOS33") },
      { $0.oscillator?.pins = [""] }, { $0.boardPart = "a:{b}" },
      { $0.processorSettings["PCW"] = "1} [exec rm] {" }, { $0.processorSettings["P W"] = "1" },
      { $0.memory = BoardMemory(kind: "DDR", bytes: 1, ports: ["a} [exec rm] {"], portBits: 8) },
      { $0.pciExpress = Board.kcu1500.pciExpress; $0.pciExpress?.reset = "a; exec rm" },
      { $0.pciExpress = Board.kcu1500.pciExpress; $0.pciExpress?.clock = .infinity },
      { $0.device.clock = .nan }, { $0.device.clock = .infinity }, { $0.device.clock = 0 },
    ]
    for attack in attacks {
      var board = Board.ulx3s
      attack(&board)
      #expect(throws: BoardError.self) { try BoardProject(design, for: board) }
    }
  }

  private static let creation = """
    # Makes the project of SampleBlock for the board Digilent PYNQ-Z1.
    # usage: vivado -mode batch -source create_project.tcl
    set here [file dirname [file normalize [info script]]]
    set root [file dirname $here]
    create_project -force SampleBlock [file join $here project] -part xc7z020clg400-1
    set description [lindex [get_board_parts -quiet -latest_file_version {www.digilentinc.com:pynq-z1:part0:*}] 0]
    if {$description ne {}} { set_property board_part $description [current_project] }
    set_property ip_repo_paths [list $root] [current_project]
    update_ip_catalog
    add_files -fileset constrs_1 [file join $here constraints.xdc]

    create_bd_design system
    set ps [create_bd_cell -type ip -vlnv xilinx.com:ip:processing_system7 ps]
    set preset [expr {$description ne {} ? 1 : 0}]
    apply_bd_automation -rule xilinx.com:bd_rule:processing_system7 -config [list make_external {FIXED_IO, DDR} apply_board_preset $preset] $ps
    if {!$preset} {
      set_property -dict [list \\
        CONFIG.PCW_CRYSTAL_PERIPHERAL_FREQMHZ {50} \\
        CONFIG.PCW_PRESET_BANK1_VOLTAGE {LVCMOS 1.8V} \\
        CONFIG.PCW_SD0_PERIPHERAL_ENABLE {1} \\
        CONFIG.PCW_SD0_SD0_IO {MIO 40 .. 45} \\
        CONFIG.PCW_UART0_PERIPHERAL_ENABLE {1} \\
        CONFIG.PCW_UART0_UART0_IO {MIO 14 .. 15} \\
        CONFIG.PCW_UIPARAM_DDR_BUS_WIDTH {16 Bit} \\
        CONFIG.PCW_UIPARAM_DDR_FREQ_MHZ {525} \\
        CONFIG.PCW_UIPARAM_DDR_PARTNO {MT41J256M16 RE-125} \\
      ] $ps
    }
    set_property -dict [list \\
      CONFIG.PCW_USE_M_AXI_GP0 {1} \\
      CONFIG.PCW_EN_CLK0_PORT {1} \\
      CONFIG.PCW_EN_RST0_PORT {1} \\
      CONFIG.PCW_USE_S_AXI_HP0 {1} \\
      CONFIG.PCW_S_AXI_HP0_DATA_WIDTH {64} \\
      CONFIG.PCW_FPGA0_PERIPHERAL_FREQMHZ {100} \\
      CONFIG.PCW_USE_FABRIC_INTERRUPT {1} \\
      CONFIG.PCW_IRQ_F2P_INTR {1} \\
    ] $ps

    create_bd_cell -type ip -vlnv xilinx.com:ip:proc_sys_reset reset
    connect_bd_net [get_bd_pins ps/FCLK_RESET0_N] [get_bd_pins reset/ext_reset_in]
    create_bd_cell -type ip -vlnv weft.local:user:SampleBlock:1.0 block
    connect_bd_net [get_bd_pins reset/peripheral_aresetn] [get_bd_pins block/aresetn]
    create_bd_cell -type ip -vlnv xilinx.com:ip:smartconnect control
    set_property -dict [list CONFIG.NUM_SI {1} CONFIG.NUM_MI {1}] [get_bd_cells control]
    connect_bd_intf_net [get_bd_intf_pins ps/M_AXI_GP0] [get_bd_intf_pins control/S00_AXI]
    connect_bd_intf_net [get_bd_intf_pins control/M00_AXI] [get_bd_intf_pins block/s_axi]
    create_bd_cell -type ip -vlnv xilinx.com:ip:smartconnect memory0
    set_property -dict [list CONFIG.NUM_SI {1} CONFIG.NUM_MI {1}] [get_bd_cells memory0]
    connect_bd_intf_net [get_bd_intf_pins block/m_axi] [get_bd_intf_pins memory0/S00_AXI]
    connect_bd_intf_net [get_bd_intf_pins memory0/M00_AXI] [get_bd_intf_pins ps/S_AXI_HP0]
    connect_bd_net [get_bd_pins ps/FCLK_CLK0] [get_bd_pins reset/slowest_sync_clk]
    connect_bd_net [get_bd_pins ps/FCLK_CLK0] [get_bd_pins block/aclk]
    connect_bd_net [get_bd_pins ps/FCLK_CLK0] [get_bd_pins ps/M_AXI_GP0_ACLK]
    connect_bd_net [get_bd_pins ps/FCLK_CLK0] [get_bd_pins control/aclk]
    connect_bd_net [get_bd_pins ps/FCLK_CLK0] [get_bd_pins ps/S_AXI_HP0_ACLK]
    connect_bd_net [get_bd_pins ps/FCLK_CLK0] [get_bd_pins memory0/aclk]
    connect_bd_net [get_bd_pins reset/peripheral_aresetn] [get_bd_pins control/aresetn]
    connect_bd_net [get_bd_pins reset/peripheral_aresetn] [get_bd_pins memory0/aresetn]
    connect_bd_net [get_bd_pins block/interrupt] [get_bd_pins ps/IRQ_F2P]
    assign_bd_address -offset 0x43C00000 -range 64K [get_bd_addr_segs block/s_axi/registers]
    assign_bd_address

    validate_bd_design
    save_bd_design
    set wrapper [make_wrapper -files [get_files system.bd] -top]
    add_files -norecurse $wrapper
    set_property top system_wrapper [current_fileset]
    update_compile_order -fileset sources_1

    """
}
