import Weft

/// A queue in registers: payloads leave in the order in which they came.
///
/// - Latency: one cycle.
/// - Throughput: a payload a cycle, at any depth.
/// - Capacity: `depth`.
/// - Paths: from a depth of two on, `input.ready`, `output.valid` and `count` come from registers alone. A queue of one
///   place takes a payload in the cycle in which it gives one away, so that `output.ready` reaches `input.ready`.
///
/// Storage that is deeper than some tens of places belongs in a ``BlockRAMFIFO``.
public struct FIFO<Payload: Signal>: Module {
  /// What the queue holds.
  public let payload: Shape<Payload>
  /// The number of places, at least one.
  public let depth: Int

  /// A queue of `depth` places, at least one.
  public init(of payload: Shape<Payload>, depth: Int) {
    self.payload = payload
    self.depth = depth
  }

  /// Where payloads enter.
  public var input: Stream<Payload> { sink(payload) }
  /// Where payloads leave.
  public var output: Stream<Payload> { source(payload) }
  /// How many payloads the queue holds, 0 to `depth`.
  public var count: Unsigned { output(.unsigned(depth.bitsToHold)) }

  /// The payloads in the queue, the oldest first; from index `count` on they mean nothing. For proofs alone.
  public var contents: Vector<Payload> { output(.vector(depth, of: payload)) }

  var storage: Vector<Payload> { register(.vector(depth, of: payload)) }
  var writeIndex: Unsigned { register(.unsigned((depth - 1).bitsToHold), reset: 0) }
  var readIndex: Unsigned { register(.unsigned((depth - 1).bitsToHold), reset: 0) }
  var occupancy: Unsigned { register(.unsigned(depth.bitsToHold), reset: 0) }

  public var body: Circuit {
    let hasRoom = occupancy != Unsigned(depth)
    input.ready <== (depth == 1 ? hasRoom | output.ready : hasRoom)
    output.valid <== occupancy != 0
    count <== occupancy
    When(input.fires != output.fires) {
      occupancy <== input.fires.select(occupancy &+ 1, else: occupancy &- 1)
    }
    if depth == 1 {
      output.payload <== storage[0]
      When(input.fires) { storage[0] <== input.payload }
    } else {
      output.payload <== storage[readIndex]
      When(input.fires) {
        storage[writeIndex] <== input.payload
        writeIndex <== writeIndex.successor(inRingOf: depth)
      }
      When(output.fires) { readIndex <== readIndex.successor(inRingOf: depth) }
    }
  }

  public var invariants: Circuit {
    Assert(occupancy <= Unsigned(depth), "the queue holds at most what it has places for")
    if depth > 1 {
      Assert(readIndex <= Unsigned(depth - 1), "payloads leave from a place that exists")
      Assert(
        writeIndex == readIndex.advanced(by: occupancy, inRingOf: depth), "payloads enter behind those in the queue")
    }
    for index in 0..<depth {
      contents[index] <== (depth == 1 ? storage[0] : storage[readIndex.advanced(by: Unsigned(index), inRingOf: depth)])
    }
  }
}
