import Weft
import WeftNetworks

/// Where a stage has registers, and what follows from their number.
///
/// A unit with few registers moves as a whole, or not at all. In one with many nothing is ever held: results have
/// places to go to before they are begun.
extension StageGeometry {
  /// Whether paths are cut wherever they are long.
  var isDeep: Bool { configuration.pipelining == .deep }
  /// Registers before the memories of the line buffers are read, and before they are written.
  var addressStages: Int { isDeep ? 2 : 0 }
  /// Clock edges from operands that are asked for to operands.
  var operandLatency: Int { addressStages + (isDeep ? 3 : 2) }
  /// Clock edges that the loops wait after a row group, until the next one's rows are known.
  var rowGroupGap: Int { isDeep ? 4 : 0 }

  /// Registers between the products, or the elements of a pooling, and the accumulators.
  var treeLevels: Int {
    guard isDeep else { return 0 }
    return isPooling
      ? PoolingEngine.levels(taps: configuration.taps * configuration.columnTaps)
      : ProcessingElement.levels(lanes: configuration.operandLanes)
  }

  /// Results of whole rounds that wait to be passed on, beside those that are: so many that a round may begin while
  /// others are on their way, and none when nothing is on its way without a place.
  var resultPlaces: Int {
    let latency = operandLatency + treeLevels + 6
    let shortest = kernel.groups.indices.map { cyclesPerRound(ofGroup: $0) }.min() ?? 1
    return ceilingDivide(latency, max(1, shortest)) + 1
  }
}
