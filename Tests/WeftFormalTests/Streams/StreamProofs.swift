import Testing
import Weft
import WeftFormal
import WeftSimulation
import WeftStreams

/// Every buffer of the stream library passes on what enters: in order, once, unchanged, whatever stalls there are.
@Suite struct StreamProofs {
  @Test(arguments: [1, 2, 3, 4, 5, 8])
  func queuesKeepTheirOrder(depth: Int) throws {
    try prove(Passage(buffer: .fifo(depth: depth)), by: .induction(2))
  }

  @Test func pipelineRegistersKeepTheirOrder() throws {
    try prove(Passage(buffer: .pipelineRegister), by: .induction(2))
  }

  @Test(arguments: [(1, 1), (1, 2), (2, 1), (1, 3), (3, 2), (2, 3), (2, 4), (3, 3)])
  func widthAdaptersKeepTheirOrder(from inputs: Int, to outputs: Int) throws {
    try prove(Passage(buffer: .widthAdapter(from: inputs, to: outputs)), by: .induction(2))
  }

  @Test(arguments: [1, 2, 3])
  func blockRAMQueuesKeepTheirOrder(depth: Int) throws {
    try prove(Passage(buffer: .blockRAM(depth: depth)), by: .induction(2))
  }

  @Test(
    arguments: [Passage.Buffer.fifo(depth: 3), .pipelineRegister, .widthAdapter(from: 3, to: 2), .blockRAM(depth: 2)])
  func nothingIsProvedOfBuffersThatStandStill(buffer: Passage.Buffer) throws {
    let covers = try findCovers(Passage(buffer: buffer), within: 10)
    #expect(covers.allSatisfy { $0.trace != nil })
  }

  @Test func aQueueThatLosesCountIsFound() throws {
    let found = try #require(throws: Counterexample.self) {
      try prove(Passage(buffer: .brokenFIFO(depth: 3)), by: .bounded(8))
    }
    #expect(found.isReachable)
    let simulation = try Simulation(Passage(buffer: .brokenFIFO(depth: 3)))
    simulation.onFailure = { _ in }
    found.trace.replay(on: simulation.engine)
    #expect(simulation.failures.map(\.property).contains(found.property))
    #expect(simulation.failures.allSatisfy { $0.cycle == found.trace.steps.count - 1 })
  }

  @Test(arguments: [1, 2, 3])
  func branchesTakeEachPayloadOnce(branches: Int) throws {
    try prove(ForkProof(branches: branches), by: .induction(2))
  }

  @Test(arguments: [1, 2, 3])
  func joinsBringTogetherWhatCame(streams: Int) throws {
    try prove(JoinProof(streams: streams))
  }
}

/// A fork, and a count of what each branch has taken.
private struct ForkProof: Module {
  var branches: Int

  var source: Stream<Unsigned> { sink(.unsigned(3)) }
  var takes: Vector<Bit> { input(.vector(branches, of: .bit)) }
  var splitter: Instance<Fork<Unsigned>> { instance(Fork(of: .unsigned(3), branches: branches)) }
  var offered: Vector<Bit> { output(.vector(branches, of: .bit)) }
  /// Which branches have taken the payload that is offered.
  var served: Vector<Bit> { register(.vector(branches, of: .bit), reset: 0) }

  var body: Circuit {
    splitter.input <== source
    Assume((source.valid & !source.ready).implies(next: source.valid), "a payload is offered until it is taken")
    When((source.valid & !source.ready).past()) { Assume(source.payload.isStable(), "a payload stays the same") }
    for branch in 0..<branches {
      let stream = splitter.outputs[branch]
      stream.ready <== takes[branch]
      offered[branch] <== stream.valid
      When(stream.fires) {
        Assert(!served[branch], "no branch takes a payload twice")
        Assert(stream.payload == source.payload, "a branch takes what is offered")
      }
      When(source.fires) { Assert(served[branch] | stream.fires, "no branch misses a payload") }
      When(source.valid) { served[branch] <== !source.ready & (served[branch] | stream.fires) }
    }
    Cover(source.fires & served[0], "a payload is taken at different times")
  }

  var invariants: Circuit {
    for branch in 0..<branches {
      When(source.valid) { Assert(offered[branch] != served[branch], "a branch is offered what it has not taken") }
    }
    Assert(
      served.isAnySet.implies((source.valid & !source.ready).past()), "a payload that some have taken is still offered")
  }
}

/// A join, and what it is to do.
private struct JoinProof: Module {
  var streams: Int

  var sources: Vector<Stream<Unsigned>> { input(.vector(streams, of: .stream(of: .unsigned(3)))) }
  var joined: Stream<Vector<Unsigned>> { source(.vector(streams, of: .unsigned(3))) }
  var joiner: Instance<Join<Unsigned>> { instance(Join(of: .unsigned(3), streams: streams)) }

  var body: Circuit {
    joiner.inputs <== sources
    joined <== joiner.output
    for index in 0..<streams {
      Assert(sources[index].fires == joined.fires, "all streams pass together")
      When(joined.fires) { Assert(joined.payload[index] == sources[index].payload, "each payload is in its place") }
    }
    Assert(joined.valid == sources.map(\.valid).areAllSet, "it offers when all do")
  }
}
