import Weft
import WeftNetworks

/// The weights of a stage in the order in which its unit uses them, all weights of a cycle as a word.
struct WeightWords {
  private let geometry: StageGeometry

  /// The weights of a stage.
  init(_ geometry: StageGeometry) { self.geometry = geometry }

  private var configuration: UnitConfiguration { geometry.configuration }
  private var lanes: Int { configuration.operandLanes }
  private var bits: Int { geometry.kernel.weightBits }

  /// The words: round, group of kernel rows, group of kernel columns, input channel group, the last the innermost.
  /// Channels, kernel rows and kernel columns that the layer does not have weigh nothing.
  var words: [BitVector] {
    let kernel = geometry.kernel
    let weights = kernel.groups.map { group in group.phases.map { kernel.weights(of: $0, in: group) } }
    let inputChannels = inputChannels
    var result: [BitVector] = []
    result.reserveCapacity(geometry.multiplyCyclesPerColumn)
    for round in geometry.rounds {
      for tapGroup in 0..<geometry.tapGroups(ofGroup: round.group) {
        for columnGroup in 0..<geometry.columnTapGroups(ofGroup: round.group) {
          for channels in inputChannels {
            result.append(
              word(round, weights[round.group], tapGroup: tapGroup, columnGroup: columnGroup, channels))
          }
        }
      }
    }
    return result
  }

  /// The words in the parts in which they come from external memory, the lowest first.
  var parts: [BitVector] {
    let (count, width) = (geometry.weightParts, geometry.weightPartWidth)
    if count == 1 { return words }
    return words.flatMap { word in
      let padded = word.extended(to: count * width, signed: false)
      return (0..<count).map { padded.slice(low: $0 * width, width: width) }
    }
  }

  /// The channels of the layer's input that each input group has, those of one map after those of the other.
  private var inputChannels: [Range<Int>] {
    var first = 0
    return geometry.inputOrders.flatMap { order in
      defer { first += order.shape.channels }
      let end = first + order.shape.channels
      return stride(from: first, to: end, by: configuration.cpf).map { $0..<min($0 + configuration.cpf, end) }
    }
  }

  /// The word of one cycle.
  private func word(
    _ round: StageGeometry.Round, _ weights: [[Int]], tapGroup: Int, columnGroup: Int, _ channels: Range<Int>
  ) -> BitVector {
    let (group, layer) = (geometry.kernel.groups[round.group], geometry.layer)
    var word = BitVector(zero: geometry.weightWidth)
    for result in 0..<round.count {
      let place = round.first + result
      let (phase, output) = (place / layer.outputShape.channels, place % layer.outputShape.channels)
      for tap in 0..<configuration.taps {
        let row = tapGroup * configuration.taps + tap
        guard row < group.rows.count else { break }
        for columnTap in 0..<configuration.columnTaps {
          let column = columnGroup * configuration.columnTaps + columnTap
          guard column < group.columns.count else { break }
          let first = result * lanes + (tap * configuration.columnTaps + columnTap) * configuration.cpf
          for (lane, input) in channels.enumerated() {
            let pair = output * layer.inputShape.channels + input
            let weight = weights[phase][(pair * group.rows.count + row) * group.columns.count + column]
            word.insert(BitVector(truncating: weight, width: bits), at: (first + lane) * bits)
          }
        }
      }
    }
    return word
  }
}
