import Weft
import WeftStreams

/// Passes on the first frames of each pass and drops the others: for a branch that needs fewer frames than come.
///
/// - Latency: none; nothing is stored, and dropped transfers are taken at once.
/// - Paths: from either side's handshake to the other's.
public struct FrameSelector: Module {
  /// What a transfer carries.
  public let payload: Shape<Vector<Signed>>
  /// Transfers of a frame.
  public let transfersPerFrame: Int
  /// Frames of a pass that come, and how many of them, the first ones, are passed on.
  public let offered, taken: Int

  /// A selector of the first `taken` frames of every `offered`, neither of them below one.
  public init(of payload: Shape<Vector<Signed>>, transfersPerFrame: Int, taken: Int, offered: Int) {
    self.payload = payload
    self.transfersPerFrame = transfersPerFrame
    self.taken = taken
    self.offered = offered
  }

  /// All frames.
  public var input: Stream<Vector<Signed>> { sink(payload) }
  /// Those that are passed on.
  public var output: Stream<Vector<Signed>> { source(payload) }

  private var transfer: Counter { Counter(self, limit: transfersPerFrame, named: "transfer") }
  private var frame: Counter { Counter(self, limit: offered, named: "frame") }
  private var isTaken: Bit {
    wire(taken < offered ? frame.value < Bits.number(taken, frame.value.width) : 1)
  }

  public var body: Circuit {
    output.payload <== input.payload
    output.valid <== input.valid & isTaken
    input.ready <== output.ready | !isTaken
    When(input.fires) {
      transfer.advance
      When(transfer.isLast) { frame.advance }
    }
  }
}
