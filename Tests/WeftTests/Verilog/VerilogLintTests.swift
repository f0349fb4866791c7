import Testing
import Weft
import WeftLint

@Suite struct VerilogLintTests {
  @Test func samplesAreClean() throws {
    let samples = try [
      Design(ProcessingElement(lanes: 4)), Design(Sequencer()), Design(ColourSwap()), Design(AdderTree(inputs: 7)),
    ]
    for design in samples {
      let complaints = try LintTools.complaints(about: design)
      #expect(complaints.isEmpty, "\(design.top.name):\n\(complaints)")
    }
  }
}
