import Weft
import WeftStreams

/// What a part of the block that stands at a bus says of itself.
struct MoverReport: Bundle {
  /// Whether nothing of it is under way on the bus.
  var isIdle: Bit = field(.bit)
  /// Whether it fails in this cycle, and why.
  var fails: Bit = field(.bit)
  var outcome: Choice<DMAOutcome> = field(.choice())
}
