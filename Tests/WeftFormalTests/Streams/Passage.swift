import Weft
import WeftStreams

/// A buffer between a source and a sink that stall as they like, and one element that is followed through it.
///
/// Any element that enters may be the one (the proof chooses through `marks`), so that what is proved of it holds of
/// all: it leaves exactly once, unchanged, behind the elements that came before it and no others.
struct Passage: Module {
  /// What lies between.
  enum Buffer: Hashable {
    case fifo(depth: Int)
    case blockRAM(depth: Int)
    case pipelineRegister
    case widthAdapter(from: Int, to: Int)
    case pipeline(stages: Int)
    case brokenFIFO(depth: Int)
  }

  var buffer: Buffer
  var bits = 2

  /// The elements that enter and leave together, and those that there is room for.
  private var entering: Int { if case .widthAdapter(let count, _) = buffer { count } else { 1 } }
  private var leaving: Int { if case .widthAdapter(_, let count) = buffer { count } else { 1 } }
  var capacity: Int {
    switch buffer {
    case .fifo(let depth), .brokenFIFO(let depth): depth
    case .blockRAM(let depth): depth + 1
    case .pipelineRegister: 2
    case .pipeline(let stages): stages
    case .widthAdapter(let i, let o): max(i, o) + 2 * min(i, o) - gcd(i, o)
    }
  }

  var offers: Bit { input(.bit) }
  var takes: Bit { input(.bit) }
  var offered: Vector<Unsigned> { input(.vector(entering, of: .unsigned(bits))) }
  /// Whether to follow an element that enters now, and which of the word.
  var marks: Bit { input(.bit) }
  var lane: Unsigned { input(.unsigned(3)) }

  var fifo: Instance<FIFO<Unsigned>> { instance(FIFO(of: .unsigned(bits), depth: capacity)) }
  var queue: Instance<BlockRAMFIFO<Unsigned>> { instance(BlockRAMFIFO(of: .unsigned(bits), depth: capacity - 1)) }
  var stage: Instance<PipelineRegister<Unsigned>> { instance(PipelineRegister(of: .unsigned(bits))) }
  var adapter: Instance<WidthAdapter<Unsigned>> {
    instance(WidthAdapter(of: .unsigned(bits), from: entering, to: leaving))
  }
  var pipeline: Instance<PipelineBuffer> { instance(PipelineBuffer(bits: bits, stages: capacity)) }
  var broken: Instance<BrokenFIFO> { instance(BrokenFIFO(bits: bits, depth: capacity)) }

  /// What passes at the two ends.
  var enters: Bit { wire(.bit) }
  var leaves: Bit { wire(.bit) }
  var isOffered: Bit { wire(.bit) }
  var word: Vector<Unsigned> { wire(.vector(leaving, of: .unsigned(bits))) }

  /// The elements inside, by what has passed at the ends.
  var held: Unsigned { register(.unsigned(6), reset: 0) }
  var remaining: Unsigned { wire(held &- leaves.select(Unsigned(leaving), else: 0)) }
  /// The element that is followed, and how many are before it.
  var isFollowing: Bit { register(.bit, reset: 0) }
  var followed: Unsigned { register(.unsigned(bits), reset: 0) }
  var ahead: Unsigned { register(.unsigned(6), reset: 0) }
  var follows: Bit { wire(marks & enters & !isFollowing & (lane < Unsigned(entering))) }
  var departs: Bit { wire(isFollowing & leaves & (ahead < Unsigned(leaving))) }

  @CircuitBuilder private var connections: Circuit {
    switch buffer {
    case .fifo: ends(fifo.input, fifo.output)
    case .blockRAM: ends(queue.input, queue.output)
    case .pipelineRegister: ends(stage.input, stage.output)
    case .pipeline: ends(pipeline.input, pipeline.output)
    case .brokenFIFO: ends(broken.input, broken.output)
    case .widthAdapter:
      adapter.input.valid <== offers
      adapter.input.payload <== offered
      adapter.output.ready <== takes
      enters <== adapter.input.fires
      isOffered <== adapter.output.valid
      word <== adapter.output.payload
    }
  }

  @CircuitBuilder private func ends(_ input: Stream<Unsigned>, _ output: Stream<Unsigned>) -> Circuit {
    input.valid <== offers
    input.payload <== offered[0]
    output.ready <== takes
    enters <== input.fires
    isOffered <== output.valid
    word[0] <== output.payload
  }

  var body: Circuit {
    connections
    leaves <== isOffered & takes
    held <== remaining &+ enters.select(Unsigned(entering), else: 0)
    When(follows) {
      isFollowing <== 1
      followed <== offered[lane]
      ahead <== remaining &+ lane.extended(to: 6)
    } else: {
      When(departs) { isFollowing <== 0 }
      When(leaves) { ahead <== ahead &- Unsigned(leaving) }
    }

    Assert(held <= Unsigned(capacity), "no more is inside than there is room for")
    When(isOffered) { Assert(held >= Unsigned(leaving), "what leaves has entered") }
    When(departs) { Assert(word[ahead.truncated(to: 3)] == followed, "an element leaves in its turn and unchanged") }
    When((isOffered & !takes).past()) {
      Assert(isOffered & word.asBits.isStable(), "what is offered stays until it is taken")
    }
    Cover(departs & (held == Unsigned(capacity)), "an element that waited leaves")
  }

  var invariants: Circuit {
    When(isFollowing) { Assert(ahead < held, "the element that is followed is inside") }
    switch buffer {
    case .fifo: inside(fifo.contents, fifo.count)
    case .pipelineRegister: inside(stage.contents, stage.count)
    case .widthAdapter: inside(adapter.contents, adapter.count)
    case .blockRAM: inside(queue.contents, queue.count)
    case .pipeline: inside(pipeline.contents, pipeline.count)
    case .brokenFIFO: Circuit([])
    }
  }

  /// Ties what the buffer holds to what has passed at its ends.
  @CircuitBuilder private func inside(_ contents: Vector<Unsigned>, _ count: Unsigned) -> Circuit {
    Assert(count == held, "the buffer holds what entered and did not leave")
    When(isFollowing) {
      Assert(contents[ahead.truncated(to: contents.indexBits)] == followed, "the element is in its place")
    }
  }
}

extension Vector {
  fileprivate var indexBits: Int { Swift.max(1, Int.bitWidth - (count - 1).leadingZeroBitCount) }
}

private func gcd(_ a: Int, _ b: Int) -> Int { b == 0 ? a : gcd(b, a % b) }

/// A queue that does not count a payload which enters while another leaves.
struct BrokenFIFO: Module {
  var bits: Int
  var depth: Int

  var input: Stream<Unsigned> { sink(.unsigned(bits)) }
  var output: Stream<Unsigned> { source(.unsigned(bits)) }
  var storage: Vector<Unsigned> { register(.vector(depth, of: .unsigned(bits))) }
  var writeIndex: Unsigned { register(.unsigned(2), reset: 0) }
  var readIndex: Unsigned { register(.unsigned(2), reset: 0) }
  var occupancy: Unsigned { register(.unsigned(3), reset: 0) }

  var body: Circuit {
    input.ready <== occupancy != Unsigned(depth)
    output.valid <== occupancy != 0
    output.payload <== storage[readIndex]
    When(input.fires) {
      storage[writeIndex] <== input.payload
      writeIndex <== (writeIndex == Unsigned(depth - 1)).select(0, else: writeIndex &+ 1)
      occupancy <== occupancy &+ 1
    }
    When(output.fires) {
      readIndex <== (readIndex == Unsigned(depth - 1)).select(0, else: readIndex &+ 1)
      occupancy <== occupancy &- 1
    }
  }
}
