import Foundation
import Testing
import Weft
import WeftBoards

@Suite struct ProjectTests {
  private func text(_ path: String, of project: BoardProject) throws -> String {
    try #require(project.files.first { $0.path == path }, "\(path)").contents
  }

  /// Writes the projects of both samples for all boards that have a place for them; `scripts/regress boards` keeps them
  /// and has tools read them.
  @Test func everyBoardHasAProject() throws {
    let kept = ProcessInfo.processInfo.environment["WEFT_KEEP_PROJECTS"].map { URL(fileURLWithPath: $0) }
    let folder = kept ?? FileManager.default.temporaryDirectory.appendingPathComponent("weft-projects-\(UUID())")
    defer { if kept == nil { try? FileManager.default.removeItem(at: folder) } }
    for board in Board.known where board.family != .kintexUltraScale {
      let design =
        try board.family.tools == .open ? Design(Blinker()) : Design(SampleBlock())
      let project = try BoardProject(design, for: board, summary: "A sample for \"\(board.title)\" <&>")
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

  @Test func aBoardWithoutProcessorSaysSo() throws {
    let design = try Design(SampleBlock())
    let error = #expect(throws: BoardError.self) { try BoardProject(design, for: .kcu1500) }
    #expect(
      error?.message == "the board 'kcu1500' has no processing system, and a block design without one is not written yet; "
        + "component.xml places the block in a design of your own")
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
      { $0.device.clock = .nan }, { $0.device.clock = .infinity }, { $0.device.clock = 0 },
    ]
    for attack in attacks {
      var board = Board.ulx3s
      attack(&board)
      #expect(throws: BoardError.self) { try BoardProject(design, for: board) }
    }
  }

  private static let creation = """
    """
}
