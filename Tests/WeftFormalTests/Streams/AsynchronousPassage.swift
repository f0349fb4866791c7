import Testing
import Weft
import WeftFormal
import WeftStreams

/// A queue between two clocks, and one payload that is followed through it.
private struct AsynchronousPassage: Module {
  static let fast = Domain(clock: "fast", reset: "fast_reset")
  static let slow = Domain(clock: "slow", reset: "slow_reset")
  /// Fewer words than the queue is made with, for a proof that has to fail.
  var claimed = 3

  var offers: Bit { input(.bit) }
  var takes: Bit { input(.bit) }
  var marks: Bit { input(.bit) }
  var offered: Unsigned { input(.unsigned(2)) }
  var leaving: Unsigned { output(.unsigned(2)) }
  var queue: Instance<AsynchronousFIFO<Unsigned>> {
    instance(AsynchronousFIFO(of: .unsigned(2), depth: 2, from: Self.fast, to: Self.slow))
  }

  var entered: Unsigned { register(.unsigned(4), reset: 0, domain: Self.fast) }
  var left: Unsigned { register(.unsigned(4), reset: 0, domain: Self.slow) }
  var isMarked: Bit { register(.bit, reset: 0, domain: Self.fast) }
  var marked: Unsigned { register(.unsigned(2), reset: 0, domain: Self.fast) }
  var turn: Unsigned { register(.unsigned(4), reset: 0, domain: Self.fast) }

  var body: Circuit {
    queue.input.valid <== offers
    queue.input.payload <== offered
    queue.output.ready <== takes
    leaving <== queue.output.payload
    When(queue.input.fires) {
      entered <== entered &+ 1
      When(marks & !isMarked) {
        isMarked <== 1
        marked <== offered
        turn <== entered
      }
    }
    When(queue.output.fires) { left <== left &+ 1 }
    Assert(entered &- left <= Unsigned(claimed), "no more is inside than there is room for", domain: nil)
    When(queue.output.valid) { Assert(left != entered, "what leaves has entered", domain: Self.slow) }
    When(queue.output.fires & isMarked & (turn == left)) {
      Assert(leaving == marked, "a payload leaves in its turn and unchanged", domain: Self.slow)
    }
    Cover(queue.output.fires & isMarked & (turn == left) & (left == 2), "the third payload leaves", domain: Self.slow)
  }
}

/// Queues between clocks keep their order however the edges of the clocks come.
@Suite struct AsynchronousProofs {
  @Test func queuesKeepTheirOrder() throws {
    try prove(AsynchronousPassage(), by: .bounded(12))
  }

  @Test func aQueueThatHoldsMoreIsFound() throws {
    let found = try #require(throws: Counterexample.self) {
      try prove(AsynchronousPassage(claimed: 2), by: .bounded(12))
    }
    #expect(found.trace.replay().monitor?.failures.map(\.property) == [found.property])
  }
}
