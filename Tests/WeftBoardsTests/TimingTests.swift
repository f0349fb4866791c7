import Foundation
import Testing
import WeftBoards

@Suite struct TimingTests {
  /// As nextpnr writes it, with two of its kinds of cells.
  private static let report = """
    {"critical_paths": [{"from": "posedge clock", "to": "posedge clock", "path": [
      {"delay": 0.52, "from": {"cell": "a", "loc": [1, 2], "port": "CLK"},
       "to": {"cell": "a", "loc": [1, 2], "port": "Q"}, "type": "clk-to-q"},
      {"delay": 1.5, "from": {"cell": "a", "loc": [1, 2], "port": "Q"}, "net": "n",
       "to": {"cell": "b", "loc": [3, 4], "port": "DI"}, "type": "routing"},
      {"delay": 0.25, "from": {"cell": "b", "loc": [3, 4], "port": "DI"},
       "to": {"cell": "b", "loc": [3, 4], "port": "DI"}, "type": "setup"}]}],
     "fmax": {"clock": {"achieved": 440.5, "constraint": 100}, "slow": {"achieved": 58.9, "constraint": 100}},
     "utilization": {"DP16KD": {"available": 208, "used": 0}, "MULT18X18D": {"available": 156, "used": 155}}}
    """

  @Test func clocksCellsAndPathsAreRead() throws {
    let report = try TimingReport(json: Data(Self.report.utf8))
    #expect(report.clocks.map(\.isMet) == [true, false] && report.clocks[0].achieved == 440.5e6)
    #expect(report.used("MULT18X18D") == 155 && report.used("DP16KD") == 0 && report.cells.count == 1)
    let path = try #require(report.paths.first)
    #expect(path.ends == ("a", "b") && path.steps.map(\.kind) == ["clk-to-q", "routing", "setup"])
    #expect(
      report.description == """
        clock clock: 440.5 MHz, 100.0 MHz asked for
        clock slow: 58.9 MHz, short of the 100.0 MHz asked for
        MULT18X18D: 155 of 156
        path 2.3 ns, 1.5 of them wires, from posedge clock to posedge clock: a to b
        """)
  }

  @Test func anythingElseIsRefused() {
    for text in ["", "[]", "{\"fmax\": {}}", "{\"fmax\": {}, \"utilization\": {}, \"critical_paths\": 1}"] {
      let error = #expect(throws: BoardError.self) { try TimingReport(json: Data(text.utf8)) }
      #expect(error?.message == "this is no report of nextpnr's; `nextpnr-ecp5 --report FILE` writes one")
    }
    let error = #expect(throws: BoardError.self) { try TimingReport(contentsOf: URL(fileURLWithPath: "/none.json")) }
    #expect(error?.message == "the report '/none.json' cannot be read")
  }
}
