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
  /// For each output channel, one weight for each input channel.
  public var weights: Vector<Vector<Signed>> {
    output(
      .vector(
        geometry.configuration.kpf, of: .vector(geometry.configuration.cpf, of: .signed(geometry.layer.weightBits))))
  }

  var words: Memory<Bits> {
    memory(
      depth: depth, of: .bits(wordWidth), contents: contents, style: depth * wordWidth > 2048 ? .block : .automatic)
  }
  var word: Bits { register(.bits(wordWidth)) }

  public var body: Circuit {
    let address = Counter(self, limit: depth, named: "address")
    When(advance) {
      When(next) { address.advance }
      word <== words.read(address.value, enable: advance)
    }
    for channel in 0..<geometry.configuration.kpf {
      for lane in 0..<geometry.configuration.cpf {
        let low = (channel * geometry.configuration.cpf + lane) * geometry.layer.weightBits
        weights[channel][lane] <== word[low..<(low + geometry.layer.weightBits)].asSigned
      }
    }
  }

  /// Words for all output channels, kernel positions and input channels.
  var depth: Int { geometry.outputGroups * geometry.cyclesPerResult }

  /// Bits of a word.
  var wordWidth: Int { geometry.configuration.kpf * geometry.configuration.cpf * geometry.layer.weightBits }

  /// The words: output channel group, kernel row, kernel column, input channel group, the last the innermost. Channels
  /// that the layer does not have weigh nothing.
  var contents: [BitVector] {
    let (layer, configuration) = (geometry.layer, geometry.configuration)
    let bits = layer.weightBits
    var result: [BitVector] = []
    result.reserveCapacity(depth)
    for outputGroup in 0..<geometry.outputGroups {
      for row in 0..<layer.kernelHeight {
        for column in 0..<layer.kernelWidth {
          for inputGroup in 0..<geometry.inputGroups {
            var word = BitVector(zero: wordWidth)
            for k in 0..<configuration.kpf {
              let output = outputGroup * configuration.kpf + k
              guard output < layer.outputShape.channels else { break }
              for c in 0..<configuration.cpf {
                let input = inputGroup * configuration.cpf + c
                guard input < layer.inputShape.channels else { break }
                let index =
                  ((output * layer.inputShape.channels + input) * layer.kernelHeight + row) * layer.kernelWidth + column
                word.insert(
                  BitVector(truncating: Int(layer.weights[index]), width: bits), at: (k * configuration.cpf + c) * bits)
              }
            }
            result.append(word)
          }
        }
      }
    }
    return result
  }
}
