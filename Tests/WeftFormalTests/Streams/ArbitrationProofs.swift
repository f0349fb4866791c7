import Testing
import Weft
import WeftFormal
import WeftStreams

extension Stream where Payload == Unsigned {
  /// Assumes that what the stream offers stays until it is taken.
  fileprivate var keepsItsPromise: Circuit {
    Circuit([
      Assume((valid & !ready).implies(next: valid), "a payload is offered until it is taken"),
      When((valid & !ready).past()) { Assume(payload.isStable(), "a payload stays the same") },
    ])
  }

  /// Claims that what the stream offers stays until it is taken.
  fileprivate var keepsItsWord: Circuit {
    Circuit([
      Assert((valid & !ready).implies(next: valid), "what is offered stays until it is taken"),
      When((valid & !ready).past()) { Assert(payload.isStable(), "what is offered stays the same") },
    ])
  }
}

/// An arbiter, and what it is to do.
struct ArbiterProof: Module {
  var streams: Int
  var policy: Arbiter<Unsigned>.Policy
  /// How many payloads of others a stream is claimed to wait for at most.
  var patience: Int

  var sources: Vector<Stream<Unsigned>> { input(.vector(streams, of: .stream(of: .unsigned(2)))) }
  var merged: Stream<Unsigned> { source(.unsigned(2)) }
  var arbiter: Instance<Arbiter<Unsigned>> {
    instance(Arbiter(of: .unsigned(2), streams: streams, policy: policy))
  }
  /// The payloads of others that have passed since the last stream began to wait.
  var waited: Unsigned { register(.unsigned(5), reset: 0) }

  var body: Circuit {
    arbiter.inputs <== sources
    merged <== arbiter.output
    for source in sources { source.keepsItsPromise }
    merged.keepsItsWord
    passage
    let watched = sources[streams - 1]
    When(!watched.valid | watched.ready) {
      waited <== 0
    } else: {
      When(merged.fires & (waited != 31)) { waited <== waited &+ 1 }
    }
    Assert(waited <= Unsigned(patience), "a stream is served after so many others")
    Cover(watched.fires & (waited == Unsigned(patience)), "a stream waits as long as it may")
  }

  @CircuitBuilder private var passage: Circuit {
    Assert(sources.map { $0.fires.asUnsigned }.sum() <= 1, "one stream passes at a time")
    Assert(merged.fires == sources.map(\.fires).isAnySet, "what leaves is taken from a stream")
    for (index, source) in sources.enumerated() {
      When(source.fires) {
        Assert(merged.payload == source.payload, "the payload is that of the stream that passes")
        Assert(arbiter.chosen == Unsigned(index), "the index is that of the stream that passes")
      }
      When(source.valid & !source.ready) { Assert(merged.valid, "no stream waits for nothing") }
    }
  }

  var invariants: Circuit {
    if policy == .priority {
      for (index, source) in sources.enumerated() {
        When(source.valid & !(merged.valid & !merged.ready).past()) {
          Assert(arbiter.chosen <= Unsigned(index), "the first of those that offer something passes")
        }
      }
    } else {
      Assert(arbiter.waits[streams - 1].extended(to: 5) == waited, "the arbiter knows how long a stream waits")
    }
  }
}

/// A multiplexer or demultiplexer, and what it is to do.
private struct SelectionProof: Module {
  var streams: Int

  var sources: Vector<Stream<Unsigned>> { input(.vector(streams, of: .stream(of: .unsigned(2)))) }
  var chosen: Stream<Unsigned> { source(.unsigned(2)) }
  var single: Stream<Unsigned> { sink(.unsigned(2)) }
  var targets: Vector<Stream<Unsigned>> { output(.vector(streams, of: .stream(of: .unsigned(2)))) }
  var index: Unsigned { input(.unsigned((streams - 1).bits)) }
  var multiplexer: Instance<Multiplexer<Unsigned>> { instance(Multiplexer(of: .unsigned(2), streams: streams)) }
  var demultiplexer: Instance<Demultiplexer<Unsigned>> { instance(Demultiplexer(of: .unsigned(2), streams: streams)) }

  var body: Circuit {
    multiplexer.inputs <== sources
    multiplexer.index <== index
    chosen <== multiplexer.output
    demultiplexer.input <== single
    demultiplexer.index <== index
    targets <== demultiplexer.outputs
    for (number, source) in sources.enumerated() {
      let isChosen = index == Unsigned(number)
      Assert(source.fires == chosen.fires & isChosen, "the stream that is chosen passes, and no other")
      When(source.fires) { Assert(chosen.payload == source.payload, "its payload leaves") }
      When(isChosen) { Assert(chosen.valid == source.valid, "what it offers is offered") }
    }
    for (number, target) in targets.enumerated() {
      let isChosen = index == Unsigned(number)
      Assert(target.valid == single.valid & isChosen, "the stream that is chosen is offered the payload, and no other")
      When(target.valid) { Assert(target.payload == single.payload, "it is offered the payload that came") }
      When(isChosen) { Assert(target.fires == single.fires, "a payload is taken when its stream takes it") }
    }
  }
}

/// A crossbar, and what it is to do. Each payload says which input it comes from.
struct CrossbarProof: Module {
  var inputs: Int
  var outputs: Int

  private var routed: Shape<Routed<Unsigned>> { .bundle(Routed(of: .unsigned(4), outputs: outputs)) }
  var sources: Vector<Stream<Routed<Unsigned>>> { input(.vector(inputs, of: .stream(of: routed))) }
  var targets: Vector<Stream<Unsigned>> { output(.vector(outputs, of: .stream(of: .unsigned(4)))) }
  var crossbar: Instance<Crossbar<Unsigned>> {
    instance(Crossbar(of: .unsigned(4), inputs: inputs, outputs: outputs))
  }

  var body: Circuit {
    crossbar.inputs <== sources
    targets <== crossbar.outputs
    for (number, source) in sources.enumerated() { enters(source, number) }
    for (number, target) in targets.enumerated() {
      target.keepsItsWord
      When(target.fires) {
        let origins = sources.enumerated().map { index, source in
          source.fires & (target.payload[2...3].asUnsigned == Unsigned(index))
            & (source.payload.destination == Unsigned(number))
        }
        Assert(origins.isAnySet, "nothing leaves that did not enter, and nothing where it does not belong")
      }
    }
    Cover(targets.map(\.fires).areAllSet, "all outputs take a payload at once")
  }

  @CircuitBuilder private func enters(_ source: Stream<Routed<Unsigned>>, _ number: Int) -> Circuit {
    let (payload, destination) = (source.payload.payload, source.payload.destination)
    Assume(payload[2...3].asUnsigned == Unsigned(number), "a payload names its input")
    Assume(destination <= Unsigned(outputs - 1), "a payload is for an output that exists")
    Assume((source.valid & !source.ready).implies(next: source.valid), "a payload is offered until it is taken")
    When((source.valid & !source.ready).past()) {
      Assume(payload.isStable() & destination.isStable(), "a payload stays the same")
    }
    for (index, target) in targets.enumerated() {
      When(source.fires & (destination == Unsigned(index))) {
        Assert(target.fires & (target.payload == payload), "what enters leaves where it belongs, unchanged")
      }
    }
  }
}

/// A sender with credits, a link that takes a cycle each way, and a receiver without a ready signal.
private struct CreditProof: Module {
  var places: Int
  /// The places that the sender believes the receiver has.
  var credits: Int

  var wants: Bit { input(.bit) }
  var takes: Bit { input(.bit) }
  var counter: Instance<CreditCounter> { instance(CreditCounter(credits: credits)) }
  var receiver: Instance<FIFO<Unsigned>> { instance(FIFO(of: .unsigned(1), depth: places)) }
  var isOnLink: Bit { register(.bit, reset: 0) }
  var isFreed: Bit { register(.bit, reset: 0) }
  var free: Unsigned { output(.unsigned(4)) }

  var body: Circuit {
    let sends = wants & counter.isAvailable
    counter.sends <== sends
    counter.frees <== isFreed
    isOnLink <== sends
    receiver.input.valid <== isOnLink
    receiver.input.payload <== 0
    receiver.output.ready <== takes
    isFreed <== receiver.output.fires
    free <== counter.count.extended(to: 4)
    Assert(isOnLink.implies(receiver.input.ready), "what arrives has a place")
    Assert(counter.count <= Unsigned(credits), "there are never more credits than places")
    Cover(receiver.count == Unsigned(places), "the receiver is full")
  }

  var invariants: Circuit {
    let links = [isOnLink, isFreed].map { $0.asUnsigned.extended(to: 4) }
    let shares = [free, receiver.count.extended(to: 4)] + links
    Assert(shares.sum() == Unsigned(credits), "each credit is free, in use, or on its way")
  }
}

extension Int {
  fileprivate var bits: Int { Swift.max(1, Int.bitWidth - leadingZeroBitCount) }
}

/// What brings streams together and takes them apart loses nothing, doubles nothing and sends nothing astray.
@Suite struct ArbitrationProofs {
  @Test(arguments: [1, 2, 3, 4])
  func arbitersAreFair(streams: Int) throws {
    let fair = ArbiterProof(streams: streams, policy: .roundRobin, patience: streams - 1)
    try prove(fair)
    #expect(try findCovers(fair, within: 10).allSatisfy { $0.trace != nil })
  }

  @Test func noArbiterIsFairerThanItIs() throws {
    for unfair in [
      ArbiterProof(streams: 3, policy: .roundRobin, patience: 1),
      ArbiterProof(streams: 3, policy: .priority, patience: 4),
    ] {
      let found = try #require(throws: Counterexample.self) { try prove(unfair, by: .bounded(8)) }
      #expect(found.property.property.sentence == "a stream is served after so many others")
    }
  }

  @Test func prioritiesLoseNothing() throws {
    try prove(ArbiterProof(streams: 3, policy: .priority, patience: 31), by: .induction(2))
  }

  @Test(arguments: [1, 2, 3])
  func selectionLosesNothing(streams: Int) throws {
    try prove(SelectionProof(streams: streams))
  }

  @Test(arguments: [(2, 2), (3, 2), (2, 3)])
  func crossbarsLoseNothing(from inputs: Int, to outputs: Int) throws {
    try prove(CrossbarProof(inputs: inputs, outputs: outputs))
    let covers = try findCovers(CrossbarProof(inputs: inputs, outputs: min(inputs, outputs)), within: 3)
    #expect(covers.allSatisfy { $0.trace != nil })
  }

  @Test func creditsAreNeverLostOrMade() throws {
    try prove(CreditProof(places: 3, credits: 3))
    let found = try #require(throws: Counterexample.self) {
      try prove(CreditProof(places: 3, credits: 4), by: .bounded(10))
    }
    #expect(found.property.property.sentence == "what arrives has a place")
  }
}
