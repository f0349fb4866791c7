import Weft

/// Merges streams into one: in each cycle one of those that offer something passes.
///
/// A stream that was chosen stays so until its payload is taken, so that the merged stream keeps its promise not to
/// change what it offers.
///
/// - Latency: none.
/// - Throughput: a payload a cycle.
/// - Paths: combinational from every `inputs[i].valid` to `output`, and from `output.ready` to every `inputs[i].ready`.
public struct Arbiter<Payload: Signal>: Module {
  /// Who passes where several want to.
  public enum Policy: Hashable, Sendable {
    /// The one with the lowest index.
    case priority
    /// The one that follows the last that passed: each waits for at most all others.
    case roundRobin
  }

  /// What passes.
  public let payload: Shape<Payload>
  /// The number of streams, at least one.
  public let streams: Int
  /// Who passes where several want to.
  public let policy: Policy

  /// An arbiter among so many streams, at least one.
  public init(of payload: Shape<Payload>, streams: Int, policy: Policy = .roundRobin) {
    self.payload = payload
    self.streams = streams
    self.policy = policy
  }

  /// The streams.
  public var inputs: Vector<Stream<Payload>> { input(.vector(streams, of: .stream(of: payload))) }
  /// Where payloads leave.
  public var output: Stream<Payload> { source(payload) }
  /// The index of the stream that passes.
  public var chosen: Unsigned { output(.unsigned((streams - 1).bitsToHold)) }

  /// For each stream, how many payloads of others have passed since it began to wait; under round robin. For proofs
  /// alone.
  public var waits: Vector<Unsigned> { output(.vector(streams, of: .unsigned((2 * streams).bitsToHold))) }

  private var indexWidth: Int { (streams - 1).bitsToHold }
  var last: Unsigned { register(.unsigned(indexWidth), reset: Unsigned(max(0, streams - 1))) }
  var isLocked: Bit { register(.bit, reset: 0) }
  var lockedIndex: Unsigned { register(.unsigned(indexWidth)) }
  var free: Unsigned { wire(.unsigned(indexWidth)) }
  var waited: Vector<Unsigned> { register(.vector(streams, of: .unsigned((2 * streams).bitsToHold)), reset: 0) }

  public var body: Circuit {
    choice
    chosen <== isLocked.select(lockedIndex, else: free)
    output.payload <== inputs.map(\.payload).element(at: chosen)
    output.valid <== inputs.map(\.valid).isAnySet
    for (index, stream) in inputs.enumerated() { stream.ready <== output.ready & (chosen == Unsigned(index)) }
    lockedIndex <== chosen
    isLocked <== output.valid & !output.ready
    When(output.fires) { last <== chosen }
  }

  public var invariants: Circuit {
    Assert(last <= Unsigned(max(0, streams - 1)), "the stream that passed last exists")
    Assert(chosen <= Unsigned(max(0, streams - 1)), "the stream that passes exists")
    When(isLocked) {
      Assert(inputs.map(\.valid).element(at: chosen), "a stream that was chosen offers its payload until it is taken")
    }
    if policy == .roundRobin { fairness }
  }

  /// A stream that waits comes closer to its turn with each payload of another that passes.
  @CircuitBuilder private var fairness: Circuit {
    let previous = isLocked.select(chosen, else: last).extended(to: (2 * streams).bitsToHold)
    waits <== waited
    for (index, stream) in inputs.enumerated() {
      When(!stream.valid | stream.ready) {
        waited[index] <== 0
      } else: {
        When(output.fires) { waited[index] <== waited[index] &+ 1 }
      }
      let turns = (previous < Unsigned(index)).select(
        Unsigned(index) &- previous, else: Unsigned(index + streams) &- previous)
      Assert(waited[index] <= Unsigned(max(0, streams - 1)), "a stream waits for at most a payload of each other one")
      When(!isLocked | (chosen != Unsigned(index))) {
        Assert(
          waited[index] &+ turns &+ isLocked.asUnsigned.extended(to: turns.width) <= Unsigned(streams),
          "a stream that waits comes closer to its turn")
      }
    }
  }

  /// The stream that passes where none is locked: the lowest that offers something; under round robin the lowest of
  /// those behind the last, where there is one.
  @CircuitBuilder private var choice: Circuit {
    free <== 0
    for index in inputs.indices.reversed() {
      When(inputs[index].valid) { free <== Unsigned(index) }
    }
    if policy == .roundRobin {
      for index in inputs.indices.dropFirst().reversed() {
        When(inputs[index].valid & (last < Unsigned(index))) { free <== Unsigned(index) }
      }
    }
  }
}
