import Weft
import WeftStreams

/// Keeps samples until somebody takes them.
struct SampleBuffer: Module {
  var depth = 16

  var samples: Stream<Signed> { sink(.signed(8)) }
  var buffered: Stream<Signed> { source(.signed(8)) }

  var queue: Instance<FIFO<Signed>> { instance(FIFO(of: .signed(8), depth: depth)) }

  var body: Circuit {
    queue.input <== samples
    buffered <== queue.output
  }
}
