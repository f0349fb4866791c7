import Weft
import WeftNetworks

/// What turns one sum into a code, three or four cycles long.
public struct RequantiserLane: Module {
  let layer: QuantizedLayer
  let biasBits: Int
  private let parameters: RequantisationFactors

  /// A lane of a layer's requantiser.
  init(_ layer: QuantizedLayer, biasBits: Int) {
    self.layer = layer
    self.biasBits = biasBits
    parameters = RequantisationFactors(layer)
  }

  public var verilogName: String? { "\(layer.name)_requantiser_lane" }

  /// Whether the pipeline moves.
  public var advance: Bit { input(.bit) }
  /// A sum of products.
  public var sum: Signed { input(.signed(layer.accumulatorBits)) }
  /// What is added to it.
  public var bias: Signed { input(.signed(biasBits)) }
  /// The factors of its channel.
  public var factors: Bits { input(.bits(parameters.wordWidth)) }
  /// The code.
  public var code: Signed { output(.signed(layer.outputBits)) }

  private var biased: Signed { register(.signed(layer.accumulatorBits)) }
  private var factorWord: Bits { register(.bits(parameters.wordWidth)) }
  private var isNegative: Bit { wire(biased.mostSignificantBit) }
  private var multiplier: Signed { wire(parameters.multiplier(factorWord, isNegative: isNegative)) }
  private var product: Signed {
    register(.signed(layer.accumulatorBits + RequantisationFactors.multiplierBits))
  }
  private var shift: Unsigned { register(.unsigned(parameters.shiftBits)) }
  private var rounded: Signed { wire(quotient) }
  private var convolutionCode: Signed { register(.signed(layer.convolutionQuantization.bits)) }

  /// The product divided by two to the power of the channel's shift, rounded.
  private var quotient: Signed {
    // Moving up by what the largest shift exceeds the channel's own leaves one shift for all channels.
    let wide = product.extended(to: product.width + parameters.shiftSpread)
    let moved = parameters.shiftSpread == 0 ? wide : wide &<< shift
    return moved.rounded(by: parameters.largestShift, .toNearestOrEven)
  }

  private var saturated: Signed {
    wire({
      let offset = rounded + Bits.signed(layer.outputZeroPoint, layer.convolutionQuantization.bits)
      let bits = layer.convolutionQuantization.bits
      let width = max(offset.width, bits + 1)
      let value = offset.extended(to: width)
      let (low, high) = (layer.clamp.lowerBound, layer.clamp.upperBound)
      let limited = (value < Bits.signed(low, width)).select(
        Bits.signed(low, width), else: (value > Bits.signed(high, width)).select(Bits.signed(high, width), else: value))
      return limited.truncated(to: bits)
    }())
  }

  public var body: Circuit {
    When(advance) {
      biased <== sum &+ bias.extended(to: layer.accumulatorBits)
      factorWord <== factors
      product <== biased * multiplier
      shift <== parameters.shift(factorWord, isNegative: isNegative)
      convolutionCode <== saturated
    }
    if let table = layer.table {
      let contents = table.indices.map { index in
        // The table begins with the lowest code; the memory with the code whose bits are zero.
        BitVector(truncating: table[(index + table.count / 2) % table.count], width: layer.outputBits)
      }
      let results: Memory<Signed> = memory(
        depth: 1 << layer.convolutionQuantization.bits, of: .signed(layer.outputBits), contents: contents,
        named: "activation_table")
      code <== results.read(convolutionCode.asUnsigned, enable: advance)
    } else {
      code <== convolutionCode
    }
  }
}
