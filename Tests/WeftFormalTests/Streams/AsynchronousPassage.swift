import Testing
import Weft
import WeftFormal
import WeftStreams

/// The domains on the two sides of a crossing.
struct Sides: Hashable {
  var fast: Domain
  var slow: Domain

  /// Each with a reset of its own.
  static let apart = Sides(
    fast: Domain(clock: "fast", reset: "fast_reset"), slow: Domain(clock: "slow", reset: "slow_reset"))
  /// Both with one reset, which acts at once.
  static let together = Sides(
    fast: Domain(clock: "fast", reset: "reset", resetKind: .asynchronous),
    slow: Domain(clock: "slow", reset: "reset", resetKind: .asynchronous))
}

/// What brings payloads from one clock to another, and one payload that is followed through it.
///
/// Any payload may be the one, so that what is proved of it holds of all: it leaves once, unchanged, in its turn.
struct AsynchronousPassage: Module {
  /// What lies between.
  enum Crossing: Hashable {
    case fifo(depth: Int)
    case handshake
    case brokenHandshake
  }

  var crossing: Crossing
  var bits = 2
  var sides = Sides.apart
  private var fast: Domain { sides.fast }
  private var slow: Domain { sides.slow }

  private var capacity: Int { if case .fifo(let depth) = crossing { depth + 1 } else { 2 } }

  var offers: Bit { input(.bit) }
  var takes: Bit { input(.bit) }
  var marks: Bit { input(.bit) }
  var offered: Unsigned { input(.unsigned(bits)) }
  var queue: Instance<AsynchronousFIFO<Unsigned>> {
    instance(AsynchronousFIFO(of: .unsigned(bits), depth: capacity - 1, from: fast, to: slow))
  }
  var handshake: Instance<HandshakeCrossing<Unsigned>> {
    instance(HandshakeCrossing(of: .unsigned(bits), from: fast, to: slow))
  }
  var broken: Instance<BrokenHandshake> { instance(BrokenHandshake(bits: bits)) }

  /// What passes at the two ends.
  var enters: Bit { wire(.bit) }
  var leaves: Bit { wire(.bit) }
  var isOffered: Bit { wire(.bit) }
  var leaving: Unsigned { wire(.unsigned(bits)) }

  var entered: Unsigned { register(.unsigned(4), reset: 0, domain: fast) }
  var left: Unsigned { register(.unsigned(4), reset: 0, domain: slow) }
  /// The payload that is followed, its turn, and whether it has come out.
  var isMarked: Bit { register(.bit, reset: 0, domain: fast) }
  var marked: Unsigned { register(.unsigned(bits), reset: 0, domain: fast) }
  var turn: Unsigned { register(.unsigned(4), reset: 0, domain: fast) }
  var isGone: Bit { register(.bit, reset: 0, domain: slow, samples: fast) }
  var departs: Bit { wire(leaves & isMarked & !isGone & (turn == left)) }

  var body: Circuit {
    switch crossing {
    case .fifo: ends(queue.input, queue.output)
    case .handshake: ends(handshake.input, handshake.output)
    case .brokenHandshake: ends(broken.input, broken.output)
    }
    leaves <== isOffered & takes
    When(enters) {
      entered <== entered &+ 1
      When(marks & !isMarked) {
        isMarked <== 1
        marked <== offered
        turn <== entered
      }
    }
    When(leaves) { left <== left &+ 1 }
    When(departs) { isGone <== 1 }
    claims
  }

  @CircuitBuilder private func ends(_ input: Stream<Unsigned>, _ output: Stream<Unsigned>) -> Circuit {
    input.valid <== offers
    input.payload <== offered
    output.ready <== takes
    enters <== input.fires
    isOffered <== output.valid
    leaving <== output.payload
  }

  @CircuitBuilder private var claims: Circuit {
    Assert(entered &- left <= Unsigned(capacity), "no more is inside than there is room for", domain: nil)
    When(isOffered) { Assert(left != entered, "what leaves has entered", domain: nil) }
    When(departs) { Assert(leaving == marked, "a payload leaves in its turn and unchanged", domain: nil) }
    When((isOffered & !takes).past(domain: slow)) {
      Assert(isOffered & leaving.isStable(domain: slow), "what is offered stays until it is taken", domain: nil)
    }
    Cover(departs & (left == 2), "the third payload leaves", domain: slow)
  }

  var invariants: Circuit {
    When(isMarked & !isGone) {
      Assert(turn &- left < entered &- left, "the payload that is followed is inside", domain: nil)
    }
    switch crossing {
    case .fifo: inside(queue.contents, queue.count)
    case .handshake: inside(handshake.contents, handshake.count)
    case .brokenHandshake: Circuit([])
    }
  }

  /// Ties what is inside to what has passed at the ends.
  @CircuitBuilder private func inside(_ contents: Vector<Unsigned>, _ count: Unsigned) -> Circuit {
    Assert(count.extended(to: 4) == entered &- left, "what entered and did not leave is inside", domain: nil)
    for place in 0..<capacity {
      When(isMarked & !isGone & (turn &- left == Unsigned(place))) {
        Assert(contents[place] == marked, "the payload that is followed is in its place", domain: nil)
      }
    }
  }
}

/// A crossing whose sender does not wait until the receiver has taken over what it holds.
struct BrokenHandshake: Module {
  var bits: Int
  private var fast: Domain { Sides.apart.fast }
  private var slow: Domain { Sides.apart.slow }

  var input: Stream<Unsigned> { sink(.unsigned(bits)) }
  var output: Stream<Unsigned> { source(.unsigned(bits)) }
  var held: Unsigned { register(.unsigned(bits), domain: fast) }
  var requested: Bit { register(.bit, reset: 0, domain: fast) }
  var captured: Unsigned { register(.unsigned(bits), domain: slow, samples: fast) }
  var taken: Bit { register(.bit, reset: 0, domain: slow) }
  var isOffering: Bit { register(.bit, reset: 0, domain: slow) }
  var request: Instance<Synchroniser> { instance(Synchroniser(from: fast, to: slow)) }

  var body: Circuit {
    input.ready <== 1
    When(input.fires) {
      held <== input.payload
      requested <== !requested
    }
    request.value[0] <== requested
    output.valid <== isOffering
    output.payload <== captured
    When(!isOffering & (request.synchronised[0] != taken)) {
      captured <== held
      taken <== request.synchronised[0]
      isOffering <== 1
    }
    When(output.fires) { isOffering <== 0 }
  }
}

/// Pulses that come from one clock to another, counted on both sides.
private struct PulseProof: Module {
  /// Whether the receiver's clock moves between two pulses.
  var isSpaced = true
  var sides = Sides.apart
  private var fast: Domain { sides.fast }
  private var slow: Domain { sides.slow }

  var sends: Bit { input(.bit) }
  var crossing: Instance<PulseCrossing> { instance(PulseCrossing(from: fast, to: slow)) }
  var sent: Unsigned { register(.unsigned(3), reset: 0, domain: fast) }
  var arrived: Unsigned { register(.unsigned(3), reset: 0, domain: slow) }
  /// The lowest bit of `sent`, and what the receiver's clock last saw of it.
  var seen: Bit { register(.bit, reset: 0, domain: slow, samples: fast) }

  var body: Circuit {
    crossing.pulse <== sends
    seen <== sent[0]
    When(sends) { sent <== sent &+ 1 }
    When(crossing.crossed) { arrived <== arrived &+ 1 }
    if isSpaced {
      Assume(sends.implies(seen == sent[0]), "the receiver's clock moves between two pulses", domain: fast)
    }
    Assert(sent &- arrived <= 3, "each pulse arrives once", domain: nil)
    Cover((sent == 3) & (arrived == 3), "three pulses arrive", domain: nil)
  }

  var invariants: Circuit {
    let way = crossing.way
    let onTheirWay = zip(way, way.dropFirst()).map { ($0 ^ $1).asUnsigned }.sum()
    Assert(sent &- arrived == onTheirWay.extended(to: 3), "what was sent has arrived or is on its way", domain: nil)
    Assert((way[0] == sent[0]) & (way[1] == seen), "each pulse changes the bit that passes", domain: nil)
  }
}

/// What crosses between clocks arrives in order, once and unchanged, however the edges of the clocks come.
@Suite struct AsynchronousProofs {
  @Test(arguments: [AsynchronousPassage.Crossing.fifo(depth: 2), .fifo(depth: 4), .handshake])
  func payloadsKeepTheirOrder(crossing: AsynchronousPassage.Crossing) throws {
    try prove(AsynchronousPassage(crossing: crossing))
  }

  @Test(arguments: [AsynchronousPassage.Crossing.fifo(depth: 2), .handshake])
  func oneResetForBothSidesMayComeAtAnyTime(crossing: AsynchronousPassage.Crossing) throws {
    try prove(AsynchronousPassage(crossing: crossing, sides: .together), resets: .anyTime)
    let found = try #require(throws: Counterexample.self) {
      try prove(AsynchronousPassage(crossing: crossing), by: .bounded(8), resets: .anyTime)
    }
    #expect(found.trace.replay().monitor?.failures.map(\.property).contains(found.property) == true)
  }

  @Test(arguments: [AsynchronousPassage.Crossing.fifo(depth: 2), .handshake])
  func nothingIsProvedOfCrossingsThatStandStill(crossing: AsynchronousPassage.Crossing) throws {
    let covers = try findCovers(AsynchronousPassage(crossing: crossing), within: 24)
    #expect(covers.allSatisfy { $0.trace != nil })
  }

  @Test func aSenderThatDoesNotWaitIsFound() throws {
    let found = try #require(throws: Counterexample.self) {
      try prove(AsynchronousPassage(crossing: .brokenHandshake), by: .bounded(12))
    }
    #expect(found.trace.replay().monitor?.failures.map(\.property).contains(found.property) == true)
  }

  @Test func pulsesArriveOnce() throws {
    try prove(PulseProof())
    try prove(PulseProof(sides: .together), resets: .anyTime)
    #expect(try findCovers(PulseProof(), within: 16).allSatisfy { $0.trace != nil })
    let found = try #require(throws: Counterexample.self) { try prove(PulseProof(isSpaced: false), by: .bounded(12)) }
    #expect(found.isReachable)
  }
}
