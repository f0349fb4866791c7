import Testing
import Weft
import WeftLint
import WeftRandom

@Suite struct RandomVerilogTests {
  /// The domains that designs are tried in.
  private static let domains: [Domain] = [
    .main,
    Domain(clock: "clock_n", edge: .falling, reset: "reset_n", resetKind: .asynchronous, isResetActiveHigh: false),
    Domain(clock: "tick", edge: .falling, reset: "clear"),
    Domain(clock: "pulse", reset: "halt", resetKind: .asynchronous),
  ]

  private static func design(_ seed: UInt64) -> Design {
    RandomDesign(domains: [domains[Int(seed) % domains.count]], size: 20 + Int(seed % 40)).make(seed: seed)
  }

  @Test(arguments: [0, 30])
  func randomDesignsAreClean(firstSeed: UInt64) throws {
    let designs = (firstSeed..<firstSeed + 30).map(Self.design)
    let complaints = try LintTools.complaints(
      about: Design(combining: designs, name: "Combined"), yosys: firstSeed == 0)
    #expect(complaints.isEmpty, "seeds from \(firstSeed): \(complaints.prefix(4000))")
  }

  @Test(arguments: [0, 15])
  func icarusFollowsTheDefinition(firstSeed: UInt64) throws {
    for seed in firstSeed..<firstSeed + 15 {
      let difference = try VerilogBench.difference(of: Self.design(seed), seed: seed)
      #expect(difference == nil, "\(difference ?? "")")
    }
  }
}
