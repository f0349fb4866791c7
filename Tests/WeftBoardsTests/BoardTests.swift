import Foundation
import Testing
import Weft
import WeftBoards

@Suite struct BoardTests {
  @Test func namesAreNames() throws {
    #expect(Set(Board.known.map(\.name)).count == Board.known.count)
    for board in Board.known {
      #expect(board.name.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" }, "\(board.name)")
      #expect(try Board.named(board.name.uppercased()) == board)
      #expect(board.description.hasPrefix(board.title))
    }
  }

  @Test func anUnknownBoardIsToldWithThoseThereAre() throws {
    let error = #expect(throws: BoardError.self) { try Board.named("pynq-z9") }
    #expect(
      error?.message == "there is no board 'pynq-z9'; the boards are pynq-z1, zc706, zcu102, zcu104, ultra96, kcu1500, "
        + "ulx3s, ecp5-evn, icebreaker, and the path of a board's own JSON file will do")
  }

  @Test(arguments: Board.known) func aBoardIsAFile(board: Board) throws {
    #expect(try JSONDecoder().decode(Board.self, from: JSONEncoder().encode(board)) == board)
  }
}

@Suite struct InterfaceTests {
  @Test func busesAreKnownByTheirNames() throws {
    let interface = try BlockInterface(Design(SampleBlock()))
    #expect(interface.buses.map(\.name) == ["s_axi", "m_axi", "s_axis"])
    #expect(interface.buses.map(\.kind) == [.axi4Lite, .axi4, .axi4Stream])
    #expect(interface.buses.map(\.role) == [.subordinate, .manager, .subordinate])
    #expect(interface.buses.map(\.dataWidth) == [32, 64, 8])
    #expect(interface.buses.map(\.addressWidth) == [8, 32, 0])
    #expect(interface.control?.name == "s_axi")
    #expect(interface.memories.map(\.name) == ["m_axi"])
    #expect(interface.interrupts.map(\.name) == ["interrupt"])
    #expect(interface.domain == SampleBlock.domain && interface.hasReset)
    #expect(interface.ports.prefix(2).map(\.name) == ["aclk", "aresetn"])
  }

  @Test func whatOnlyLooksLikeABusIsNone() throws {
    struct Lookalike: Module {
      var my_tvalid: Bit { input(.bit) }
      var my_tready: Bit { input(.bit) }
      var my_tdata: Bits { input(.bits(8)) }
      var other_wdata: Bits { output(.bits(8)) }
      var body: Circuit { other_wdata <== (my_tvalid & my_tready).select(my_tdata, else: Bits(BitVector(zero: 8))) }
    }
    #expect(try BlockInterface(Design(Lookalike())).buses.isEmpty)
  }

  @Test func severalClocksAreRefused() throws {
    struct Two: Module {
      static let other = Domain(clock: "other", reset: "other_reset")
      var a: Bit { register(.bit) }
      var b: Bit { register(.bit, domain: Self.other) }
      var outputs: Vector<Bit> { output(.vector(2, of: .bit)) }
      var body: Circuit {
        a <== !a
        b <== !b
        outputs[0] <== a
        outputs[1] <== b
      }
    }
    let design = try Design(Two())
    let error = #expect(throws: BoardError.self) { try BlockInterface(design) }
    #expect(
      error?.message == "'Two' has the clocks clock, other, but a block that is exported has one for all its buses; "
        + "put the other clocks behind crossings, outside of it")
  }
}

@Suite struct IdentityTests {
  @Test(arguments: [
    "", "a b", "x;rm", "../up", "$(id)", "[exec]", "{", "\"", "naïve", "module", "1st",
    String(repeating: "a", count: 101),
  ])
  func whatCannotBeANameIsRefused(name: String) {
    #expect(throws: BoardError.self) { try ComponentIdentity(name: name) }
  }

  @Test func everyPartIsChecked() throws {
    #expect(throws: BoardError.self) { try ComponentIdentity(vendor: "a:b", name: "block") }
    #expect(throws: BoardError.self) { try ComponentIdentity(library: "a/b", name: "block") }
    #expect(throws: BoardError.self) { try ComponentIdentity(name: "block", version: "1 0") }
    #expect(try ComponentIdentity(vendor: "example.com", library: "video-codecs", name: "block").version == "1.0")
  }
}
