import Weft
import WeftNetworks

/// The weights of a layer in the order in which its unit uses them: a ROM that gives all weights of a cycle at once,
/// two clock edges after they are asked for.
public struct WeightBuffer: Module {
  let geometry: StageGeometry

  /// The weights of a stage.
  public init(_ geometry: StageGeometry) { self.geometry = geometry }

  public var verilogName: String? { "\(geometry.layer.name)_weight_buffer" }

  /// Whether the pipeline moves in this cycle.
  public var advance: Bit { input(.bit) }
  /// Whether the next weights are asked for in this cycle.
  public var next: Bit { input(.bit) }
  /// For each output channel, one weight for each kernel row of those at once, kernel column and input channel.
  public var weights: Vector<Vector<Signed>> {
    output(.vector(configuration.kpf, of: .vector(lanes, of: .signed(bits))))
  }

  private var configuration: UnitConfiguration { geometry.configuration }
  private var lanes: Int { configuration.operandLanes }
  private var bits: Int { geometry.kernel.weightBits }

  var words: Memory<Bits> {
    memory(
      depth: depth, of: .bits(wordWidth), contents: contents, style: geometry.weightMemory?.style ?? .automatic)
  }
  var word: Bits { register(.bits(wordWidth)) }

  public var body: Circuit {
    let address = Counter(self, limit: depth, named: "address")
    When(advance) {
      When(next) { address.advance }
      word <== words.read(address.value, enable: advance)
    }
    for channel in 0..<configuration.kpf {
      for lane in 0..<lanes {
        let low = (channel * lanes + lane) * bits
        weights[channel][lane] <== word[low..<(low + bits)].asSigned
      }
    }
  }

  /// Words for all rounds.
  var depth: Int { geometry.multiplyCyclesPerColumn }

  /// Bits of a word.
  var wordWidth: Int { configuration.kpf * lanes * bits }

  /// The words: round, group of kernel rows, group of kernel columns, input channel group, the last the innermost.
  /// Channels, kernel rows and kernel columns that the layer does not have weigh nothing.
  var contents: [BitVector] {
    let kernel = geometry.kernel
    let weights = kernel.groups.map { group in group.phases.map { kernel.weights(of: $0, in: group) } }
    var result: [BitVector] = []
    result.reserveCapacity(depth)
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
    var word = BitVector(zero: wordWidth)
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
