import Testing
import Weft

@Suite struct ElaborationTests {
  @Test func portsComeInOrderOfDeclaration() throws {
    let design = try Design(ProcessingElement(lanes: 4))
    let ports = design.top.signals.filter { $0.role == .input || $0.role == .output }.map(\.name)
    #expect(ports == ["enable", "clear", "activations", "weights", "sum"])
    #expect(design.top.name == "ProcessingElement_4_8_8_32")
    #expect(design.top.domains == [Netlist.DomainUse(domain: .main, usesReset: false)])
  }

  @Test func bundlesFlattenAndTurn() throws {
    let netlist = try Design(ColourSwap()).top
    func role(_ name: String) -> Netlist.Signal.Role? { netlist.signals.first { $0.name == name }?.role }
    #expect(role("pixels_payload_red") == .input)
    #expect(role("pixels_ready") == .output)
    #expect(role("swapped_ready") == .input)
    #expect(role("swapped_valid") == .output)
    #expect(netlist.signals.first { $0.name == "line_green" }?.width == 32)
  }

  @Test func equalModulesAreElaboratedOnce() throws {
    let design = try Design(AdderTree(inputs: 8))
    #expect(design.modules.map(\.name) == [1, 2, 4, 8].map { "AdderTree_\($0)_8" })
  }

  @Test func stateMachineElaborates() throws {
    let netlist = try Design(Sequencer()).top
    #expect(netlist.memories.count == 1)
    #expect(netlist.domains == [Netlist.DomainUse(domain: .main, usesReset: true)])
  }
}
