import Testing
import Weft
import WeftFormal
import WeftStreams

/// A filter, and what it is to do.
private struct FilterProof: Module {
  var source: Stream<Unsigned> { sink(.unsigned(2)) }
  var keeps: Bit { input(.bit) }
  var target: Stream<Unsigned> { source(.unsigned(2)) }
  var filter: Instance<Filter<Unsigned>> { instance(Filter(of: .unsigned(2))) }

  var body: Circuit {
    filter.input <== source
    filter.isKept <== keeps
    target <== filter.output
    Assert(target.fires == source.fires & keeps, "what is kept leaves when it enters, and nothing else does")
    When(target.valid) { Assert(target.payload == source.payload, "a payload leaves unchanged") }
    When(source.valid) {
      Assert(keeps == target.valid, "what is kept is offered")
      Assert(source.ready == keeps.implies(target.ready), "what is dropped is taken at once")
    }
  }
}

/// A framer, and a count of the payloads since the last packet's end.
private struct FramerProof: Module {
  var length: Int
  /// The payloads of a packet as they are claimed to be.
  var claimed: Int

  var source: Stream<Unsigned> { sink(.unsigned(2)) }
  var target: Stream<Framed<Unsigned>> { source(.bundle(Framed(of: .unsigned(2)))) }
  var framer: Instance<PacketFramer<Unsigned>> { instance(PacketFramer(of: .unsigned(2), length: length)) }
  var count: Unsigned { register(.unsigned(3), reset: 0) }

  var body: Circuit {
    framer.input <== source
    target <== framer.output
    When(target.fires) { count <== target.payload.last.select(0, else: count &+ 1) }
    Assert(target.fires == source.fires, "a payload leaves when it enters")
    When(target.valid) {
      Assert(target.payload.payload == source.payload, "a payload leaves unchanged")
      Assert(target.payload.last == (count == Unsigned(claimed - 1)), "the last of each packet is marked")
    }
  }
}

/// Two streams that are zipped, and what that is to do.
private struct ZipProof: Module {
  var first: Stream<Unsigned> { sink(.unsigned(2)) }
  var second: Stream<Bit> { sink(.bit) }
  var pairs: Stream<Pair<Unsigned, Bit>> { source(.bundle(Pair(of: .unsigned(2), .bit))) }
  var zipper: Instance<Zip<Unsigned, Bit>> { instance(Zip(of: .unsigned(2), .bit)) }

  var body: Circuit {
    zipper.first <== first
    zipper.second <== second
    pairs <== zipper.output
    Assert((first.fires == pairs.fires) & (second.fires == pairs.fires), "both streams pass together")
    Assert(pairs.valid == first.valid & second.valid, "a pair is offered when both are")
    When(pairs.valid) {
      Assert(pairs.payload.first == first.payload, "the first payload is in its place")
      Assert(pairs.payload.second == second.payload, "the second payload is in its place")
    }
  }
}

/// A pipeline that gives back what enters, out of values of two stages: what belongs to different payloads never meets.
struct PipelineBuffer: Module {
  var bits: Int
  var stages: Int

  var input: Stream<Unsigned> { sink(.unsigned(bits)) }
  var output: Stream<Unsigned> { source(.unsigned(bits)) }
  /// The payloads inside, the oldest first. For proofs alone.
  var contents: Vector<Unsigned> { output(.vector(stages, of: .unsigned(bits))) }
  /// How many payloads are inside. For proofs alone.
  var count: Unsigned { output(.unsigned(4)) }

  private var pipeline: Pipeline<Unsigned, Unsigned> { Pipeline(from: input, to: output, stages: stages, in: self) }
  /// The opposite of each payload.
  private var inverted: Staged<Unsigned> {
    let pipeline = pipeline
    return pipeline.stage(0, "inverted") { ~$0[pipeline.entry] }
  }

  /// What the two differ in: all bits.
  private var difference: Staged<Unsigned> {
    let (pipeline, inverted) = (pipeline, inverted)
    return pipeline.stage(stages - 1, "difference") { $0[pipeline.entry] ^ $0[inverted] }
  }

  var body: Circuit {
    let (pipeline, inverted, difference) = (pipeline, inverted, difference)
    pipeline.finish(pipeline.stage(stages, "result") { $0[inverted] ^ $0[difference] })
  }

  var invariants: Circuit {
    let pipeline = pipeline
    let payloads = pipeline.registers(of: pipeline.entry)
    count <== pipeline.occupied.map { $0.asUnsigned.extended(to: 4) }.reduce(Unsigned(0)) { $0 &+ $1 }
    for (stage, opposite) in pipeline.registers(of: inverted).enumerated() {
      When(pipeline.occupied[stage]) {
        Assert(payloads[stage] == ~opposite, "a payload stays with what was made of it")
      }
    }
    When(pipeline.occupied[stages - 1]) {
      let differences = pipeline.registers(of: difference)
      Assert(differences[0] == Unsigned((1 << bits) - 1), "a payload stays with what was made of it")
    }
    for place in 0..<stages {
      contents[place] <== payload(at: place, pipeline.occupied.reversed(), payloads.reversed())
    }
  }

  /// The payload that has so many before it.
  private func payload(at place: Int, _ occupied: [Bit], _ payloads: [Unsigned]) -> Unsigned {
    payloads.indices.dropFirst(place).reversed().reduce(payloads[place]) { other, index in
      let before = occupied.prefix(index).map { $0.asUnsigned.extended(to: 4) }.reduce(Unsigned(0)) { $0 &+ $1 }
      return (occupied[index] & (before == Unsigned(place))).select(payloads[index], else: other)
    }
  }
}

/// A memory with several ports, and what one of its words is to be.
struct MultiportProof: Module {
  var writes: Int
  var reads: Int
  /// Whether the highest of the ports that write one word is claimed to win, or the lowest.
  var highestWins = true

  var enables: Vector<Bit> { input(.vector(writes, of: .bit)) }
  var places: Vector<Unsigned> { input(.vector(writes, of: .unsigned(2))) }
  var data: Vector<Unsigned> { input(.vector(writes, of: .unsigned(2))) }
  var addresses: Vector<Unsigned> { input(.vector(reads, of: .unsigned(2))) }
  /// The word that is watched: any, but always the same.
  var watched: Unsigned { input(.unsigned(2)) }
  var memory: Instance<MultiportMemory<Unsigned>> {
    instance(MultiportMemory(of: .unsigned(2), depth: 4, writes: writes, reads: reads))
  }
  var word: Unsigned { register(.unsigned(2), reset: 0) }

  var body: Circuit {
    memory.writeEnables <== enables
    memory.writeAddresses <== places
    memory.writeData <== data
    memory.readAddresses <== addresses
    Assume(watched.isStable(), "one word is watched")
    for write in highestWins ? Array(0..<writes) : (0..<writes).reversed() {
      When(enables[write] & (places[write] == watched)) { word <== data[write] }
    }
    for read in 0..<reads {
      When((addresses[read] == watched).past()) {
        Assert(memory.readData[read] == word.past(), "a port gives what was written last")
      }
    }
  }

  var invariants: Circuit {
    for read in 0..<reads { Assert(memory.contents[read][watched] == word, "the word is what was written last") }
  }
}

/// A reset that is brought to a clock, and the edges since the one that came in ended.
private struct ResetProof: Module {
  static let button = Domain(clock: "clock", reset: "button", resetKind: .asynchronous, isResetActiveHigh: false)
  /// A clock that looks at the reset also while it is active.
  static let watch = Domain(clock: "watch", reset: "watch_reset")
  var stages: Int
  /// The edges for which the reset is claimed to last.
  var claimed: Int

  var synchroniser: Instance<ResetSynchroniser> { instance(ResetSynchroniser(Self.button, stages: stages)) }
  var isReset: Bit { output(.bit) }
  var edges: Unsigned { register(.unsigned(3), reset: 0, domain: Self.button) }

  var body: Circuit {
    isReset <== synchroniser.isReset
    When(edges != Unsigned(claimed)) { edges <== edges &+ 1 }
    Assert(
      isReset == (edges != Unsigned(claimed)), "a reset begins at once and ends so many edges after its cause",
      domain: Self.watch)
  }
}

/// What stands in the way of a stream, and what serves it.
@Suite struct RoutingProofs {
  @Test func filtersLoseWhatTheyAreToldToAlone() throws { try prove(FilterProof()) }

  @Test func zippedStreamsPassTogether() throws { try prove(ZipProof()) }

  @Test(arguments: [1, 2, 3, 5])
  func packetsAreOfOneLength(length: Int) throws {
    try prove(FramerProof(length: length, claimed: length), by: .induction(3 * length, distinctStates: true))
    #expect(throws: Counterexample.self) {
      try prove(FramerProof(length: length, claimed: length + 1), by: .bounded(8))
    }
  }

  @Test(arguments: [1, 2, 3])
  func payloadsStayWithWhatWasMadeOfThem(stages: Int) throws {
    try prove(Passage(buffer: .pipeline(stages: stages)), by: .induction(2))
  }

  @Test(arguments: [(1, 1), (2, 1), (2, 2), (3, 2)])
  func everyPortReadsWhatWasWrittenLast(writes: Int, reads: Int) throws {
    try prove(MultiportProof(writes: writes, reads: reads))
  }

  @Test func aPortThatWinsWronglyIsFound() throws {
    #expect(throws: Counterexample.self) {
      try prove(MultiportProof(writes: 2, reads: 1, highestWins: false), by: .bounded(4))
    }
  }

  @Test(arguments: [2, 3])
  func resetsBeginAtOnceAndEndAtAnEdge(stages: Int) throws {
    let method = ProofMethod.induction(4 * stages, distinctStates: true)
    try prove(ResetProof(stages: stages, claimed: stages), by: method, resets: .anyTime)
    #expect(throws: Counterexample.self) {
      try prove(ResetProof(stages: stages, claimed: stages + 1), by: .bounded(6), resets: .anyTime)
    }
  }
}
