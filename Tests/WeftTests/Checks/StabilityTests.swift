import Testing
import Weft

/// A small pipeline, with or without a statement that has nothing to do with the rest.
private struct Pipeline: Module {
  var hasParity: Bool
  var verilogName: String? { "Pipeline" }

  var samples: Stream<Signed> { sink(.signed(8)) }
  var filtered: Stream<Signed> { source(.signed(17)) }
  var parity: Bit { output(.bit) }
  var coefficients: Vector<Signed> { input(.vector(4, of: .signed(6))) }
  var history: Vector<Signed> { register(.vector(4, of: .signed(8))) }
  var isFull: Bit { register(.bit, reset: 0) }
  var total: Signed { wire(zip(history, coefficients).map { $0 * $1 }.sum().extended(to: 17)) }
  var adders: Instance<AdderTree> { instance(AdderTree(inputs: 5)) }

  var body: Circuit {
    samples.ready <== !isFull | filtered.ready
    filtered.valid <== isFull
    if hasParity { parity <== history[0].parity ^ history[3].parity }
    When(samples.fires) {
      history[0] <== samples.payload
      for tap in 1..<4 { history[tap] <== history[tap - 1] }
    }
    When(samples.ready) { isFull <== samples.valid }
    for tap in 0..<5 { adders.terms[tap] <== history[min(tap, 3)] }
    filtered.payload <== (total + adders.sum).truncated(to: 17)
  }
}

/// The same design gives the same bytes, in any thread, and a change shows where it was made and nowhere else.
@Suite struct StabilityTests {
  private func verilog(_ module: some Module) throws -> [String: String] {
    let output = try Design(module).verilog()
    return Dictionary(uniqueKeysWithValues: output.modules.map { ($0.name, $0.contents) })
  }

  @Test func elaboratingTwiceGivesTheSameBytes() throws {
    #expect(try verilog(Pipeline(hasParity: true)) == verilog(Pipeline(hasParity: true)))
    #expect(try verilog(Sequencer()) == verilog(Sequencer()))
  }

  @Test func anUnrelatedStatementChangesNoOtherLine() throws {
    let (without, with) = (try verilog(Pipeline(hasParity: false)), try verilog(Pipeline(hasParity: true)))
    #expect(Set(without.keys) == Set(with.keys))
    for (name, contents) in with where name != "Pipeline.v" { #expect(contents == without[name]) }
    // The first line names the parameters.
    let old = try #require(without["Pipeline.v"]).split(separator: "\n").dropFirst()
    let new = try #require(with["Pipeline.v"]).split(separator: "\n").dropFirst()
    let difference = Array(new).difference(from: Array(old))
    #expect(difference.removals.isEmpty, "\(difference)")
    #expect(
      difference.insertions.allSatisfy { change in
        guard case .insert(_, let line, _) = change else { return false }
        return line.contains("parity")
      }, "\(difference)")
    #expect(!difference.insertions.isEmpty)
  }

  @Test func twoThreadsElaborateAlike() async throws {
    let expected = try verilog(Pipeline(hasParity: true))
    let other = try verilog(Sequencer())
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for index in 0..<64 {
        group.addTask {
          index % 2 == 0 ? try verilog(Pipeline(hasParity: true)) == expected : try verilog(Sequencer()) == other
        }
      }
      for try await isAlike in group { #expect(isAlike) }
    }
  }

  @Test func mistakesAreReportedAlikeInParallel() async {
    await withTaskGroup(of: Bool.self) { group in
      for index in 0..<(4 * MistakeTests.mistakes.count) {
        group.addTask { MistakeTests.isReported(index % MistakeTests.mistakes.count) }
      }
      for await isReported in group { #expect(isReported) }
    }
  }
}
