import Weft

/// Gives every payload of one stream to several: each branch takes it exactly once.
///
/// The fork is eager: a branch takes a payload as soon as it is ready, whether or not the others are, and is then left
/// in peace until all have taken it. No branch waits for another before it sees a payload, so that branches which
/// depend on each other do not lock.
///
/// - Latency: none.
/// - Throughput: a payload a cycle; branches that stall at different times stall the source until the last has taken
///   it.
/// - Capacity: none. A ``FIFO`` in a branch lets the others run ahead by its depth.
/// - Paths: combinational from `input` to `outputs`, and from every `outputs[i].ready` to `input.ready`.
public struct Fork<Payload: Signal>: Module {
  /// What passes.
  public let payload: Shape<Payload>
  /// The number of branches, at least one.
  public let branches: Int

  /// A fork into `branches`, at least one.
  public init(of payload: Shape<Payload>, branches: Int) {
    self.payload = payload
    self.branches = branches
  }

  /// Where payloads enter.
  public var input: Stream<Payload> { sink(payload) }
  /// The branches.
  public var outputs: Vector<Stream<Payload>> { output(.vector(branches, of: .stream(of: payload))) }

  /// Which branches have taken the payload that is offered.
  var taken: Vector<Bit> { register(.vector(branches, of: .bit), reset: 0) }
  /// Which branches have taken it by the end of the cycle.
  var served: Vector<Bit> { wire(Vector(zip(taken, outputs).map { $0 | $1.ready })) }

  public var invariants: Circuit {
    Assert(
      taken.areAllSet.implies(0), "a payload that every branch has taken is not offered any more")
    Assert(
      taken.isAnySet.implies((input.valid & !input.ready).past()),
      "a branch has taken what is still offered to others")
  }

  public var body: Circuit {
    input.ready <== served.areAllSet
    for (branch, isTaken) in zip(outputs, taken) {
      branch.payload <== input.payload
      branch.valid <== input.valid & !isTaken
    }
    When(input.valid) {
      for (isTaken, isServed) in zip(taken, served) { isTaken <== isServed & !input.ready }
    }
  }
}
