import Testing
import Weft
import WeftFormal

/// A count, and another of the same that some resets forget.
private struct TwoCounts: Module {
  /// Whether a reset reaches both counts.
  var isWhole: Bool
  var kind = Domain.ResetKind.synchronous
  var isActiveHigh = true

  private var domain: Domain {
    Domain(clock: "clock", reset: "restart", resetKind: kind, isResetActiveHigh: isActiveHigh)
  }
  var up: Bit { input(.bit) }
  var first: Unsigned { register(.unsigned(2), reset: 0, domain: domain) }
  var second: Unsigned { isWhole ? whole : kept }
  var whole: Unsigned { register(.unsigned(2), reset: 0, domain: domain) }
  var kept: Unsigned { register(.unsigned(2), domain: domain) }
  var shown: Unsigned { output(.unsigned(2)) }

  var body: Circuit {
    When(up) {
      first <== first &+ 1
      second <== second &+ 1
    }
    shown <== first ^ second
    Assert(first == second, "both counts are the same", domain: domain)
    Cover(first != second, "the counts differ", domain: domain)
  }
}

/// Proofs in which resets act in the middle of runs.
@Suite struct ResetTests {
  @Test(arguments: [Domain.ResetKind.synchronous, .asynchronous], [true, false])
  func whatAResetForgetsIsFound(kind: Domain.ResetKind, isActiveHigh: Bool) throws {
    let module = TwoCounts(isWhole: false, kind: kind, isActiveHigh: isActiveHigh)
    try prove(module)
    let found = try #require(throws: Counterexample.self) { try prove(module, by: .bounded(6), resets: .anyTime) }
    #expect(found.isReachable)
    // A reset while the counts go up, and a look.
    #expect(found.trace.steps.map { $0.inputs["restart"]?.isZero == !isActiveHigh } == [true, false])
    #expect(found.trace.replay().monitor?.failures.map(\.cycle) == [1])
    #expect(found.trace.waveform.text().contains("restart"))
  }

  @Test(arguments: [Domain.ResetKind.synchronous, .asynchronous])
  func whatAResetReachesIsProved(kind: Domain.ResetKind) throws {
    try prove(TwoCounts(isWhole: true, kind: kind), resets: .anyTime)
  }

  @Test(
    arguments: [Passage.Buffer.fifo(depth: 3), .pipelineRegister, .widthAdapter(from: 2, to: 3), .blockRAM(depth: 2)])
  func buffersAreEmptyAfterAReset(buffer: Passage.Buffer) throws {
    try prove(Passage(buffer: buffer), by: .induction(2), resets: .anyTime)
  }

  @Test func asynchronousResetsActBetweenEdges() throws {
    /// A register that a reset clears, and whether its own clock has seen it set, looked at by another clock.
    struct Watched: Module {
      static let own = Domain(clock: "own", reset: "restart", resetKind: .asynchronous)
      static let other = Domain(clock: "other", reset: "other_reset")
      var isSet: Bit { register(.bit, reset: 0, domain: Self.own) }
      var wasSet: Bit { register(.bit, domain: Self.own) }
      var shown: Bit { output(.bit) }
      var body: Circuit {
        isSet <== 1
        wasSet <== isSet
        shown <== wasSet
        Assert(wasSet.implies(isSet), "what was set stays so", domain: Self.other)
      }
    }
    try prove(Watched())
    let found = try #require(throws: Counterexample.self) { try prove(Watched(), by: .bounded(6), resets: .anyTime) }
    #expect(found.trace.replay().monitor?.failures.map(\.property) == [found.property])
    // Two edges to set both, and a look while the reset is active.
    #expect(found.trace.steps.map { $0.inputs["restart"]?.isZero } == [true, true, false])
  }

  @Test func coversAreReachedThroughResets() throws {
    let module = TwoCounts(isWhole: false)
    #expect(try findCovers(module, within: 5).map { $0.trace == nil } == [true])
    let trace = try #require(try findCovers(module, within: 5, resets: .anyTime).first?.trace)
    #expect(trace.replay().monitor?.covers.map(\.count) == [1])
  }

  @Test func equalityHoldsAcrossResets() throws {
    try proveEqual(TwoCounts(isWhole: false), TwoCounts(isWhole: true))
    let found = try #require(throws: Counterexample.self) {
      try proveEqual(TwoCounts(isWhole: false), TwoCounts(isWhole: true), by: .bounded(6), resets: .anyTime)
    }
    #expect(found.isReachable)
  }
}

/// Induction over runs that go through no state twice.
@Suite struct DistinctStateTests {
  /// Counts to three when it is let; the state seven and those that lead to it are out of reach, but the counter may
  /// stand still in each.
  private struct Waiter: Module {
    var go: Bit { input(.bit) }
    var value: Unsigned { register(.unsigned(3), reset: 0) }
    var shown: Unsigned { output(.unsigned(3)) }
    var limit = 7
    var body: Circuit {
      When(go) { value <== (value == 3).select(0, else: value &+ 1) }
      shown <== value
      Assert(value != Unsigned(limit), "the limit is never reached")
    }
  }

  @Test func standingStillProvesNothing() throws {
    for depth in [1, 4, 8] {
      let found = try #require(throws: Counterexample.self) { try prove(Waiter(), by: .induction(depth)) }
      #expect(!found.isReachable)
    }
  }

  @Test func statesThatDifferRunOut() throws {
    #expect(throws: Counterexample.self) { try prove(Waiter(), by: .induction(2, distinctStates: true)) }
    try prove(Waiter(), by: .induction(4, distinctStates: true))
    let found = try #require(throws: Counterexample.self) {
      try prove(Waiter(limit: 3), by: .induction(4, distinctStates: true))
    }
    #expect(found.isReachable)
  }

  @Test func wordsOfMemoriesAreStates() throws {
    /// A word of a memory that grows when it is let, as far as three.
    struct Growing: Module {
      var depth: Int
      var go: Bit { input(.bit) }
      var words: Memory<Unsigned> { memory(depth: depth, of: .unsigned(3)) }
      var word: Unsigned { wire(words.asynchronousRead(1)) }
      var shown: Unsigned { output(.unsigned(3)) }
      var body: Circuit {
        When(go) { words.write((word == 3).select(0, else: word &+ 1), at: 1) }
        shown <== word
        Assert(word != 7, "seven is never reached")
      }
    }
    for depth in [2, 65] {
      #expect(throws: Counterexample.self) { try prove(Growing(depth: depth), by: .induction(4)) }
      try prove(Growing(depth: depth), by: .induction(4, distinctStates: true))
    }
  }
}
