import Weft
import WeftNetworks

/// Turns sums of products into codes: bias, the factor that the sum's sign selects, one rounding half to even, zero
/// point, saturation and, for some imported networks, a table. A value a cycle, four or five cycles long.
public struct Requantiser: Module {
  let geometry: StageGeometry

  /// The requantiser of a stage.
  public init(_ geometry: StageGeometry) { self.geometry = geometry }

  public var verilogName: String? { "\(layer.name)_requantiser" }

  /// Sums, in the order in which the stage's output leaves.
  public var accumulations: Stream<Accumulation> { sink(.bundle(Accumulation(of: geometry))) }
  /// Codes.
  public var codes: Stream<Signed> { source(.signed(layer.outputBits)) }

  private var layer: QuantizedLayer { geometry.layer }
  private var sumBits: Int { layer.accumulatorBits }
  private var factors: Factors { Factors(layer) }

  // MARK: Parameters of the channels

  private var parameters: Memory<Bits> {
    memory(depth: layer.outputShape.channels, of: .bits(factors.wordWidth + biasWidth), contents: parameterWords)
  }
  private var channelParameters: Bits { wire(parameters.read(accumulations.payload.channel, enable: advance)) }

  /// An untied bias has a memory of its own, in the order of the output.
  private var isUntied: Bool { if case .perPixel = layer.bias { true } else { false } }
  private var biasWidth: Int { isUntied ? 0 : sumBits }
  private var biases: Memory<Signed> {
    memory(depth: layer.outputShape.count, of: .signed(sumBits), contents: untiedBiases, style: .block)
  }
  private var biasAddress: Counter { Counter(self, limit: layer.outputShape.count, named: "biasAddress") }

  private var parameterWords: [BitVector] {
    let biases = layer.foldedBias.values
    return layer.requantization.enumerated().map { channel, factor in
      let word = factors.word(factor)
      if isUntied { return word }
      return .concatenating([word, BitVector(truncating: Int(biases[channel]), width: sumBits)])
    }
  }

  private var untiedBiases: [BitVector] {
    let biases = layer.foldedBias.values
    return geometry.outputOrder.indices.map { BitVector(truncating: Int(biases[$0]), width: sumBits) }
  }

  // MARK: Pipeline

  /// Whether the pipeline moves.
  private var advance: Bit { wire(!codes.valid | codes.ready) }
  private var valid: Vector<Bit> { register(.vector(stages, of: .bit), reset: 0) }
  private var stages: Int { layer.table == nil ? 4 : 5 }

  private var sum: Signed { register(.signed(sumBits)) }
  private var bias: Signed {
    wire(isUntied ? biases.read(biasAddress.value, enable: advance) : channelParameters[0..<sumBits].asSigned)
  }
  private var biased: Signed { register(.signed(sumBits)) }
  private var factorWord: Bits { register(.bits(factors.wordWidth)) }
  private var isNegative: Bit { wire(biased.mostSignificantBit) }
  private var multiplier: Signed { wire(factors.multiplier(factorWord, isNegative: isNegative)) }
  private var product: Signed { register(.signed(sumBits + Factors.multiplierBits)) }
  private var shift: Unsigned { register(.unsigned(factors.shiftBits)) }
  private var code: Signed { register(.signed(layer.convolutionQuantization.bits)) }
  private var rounded: Signed { wire(quotient) }

  /// The product divided by two to the power of the channel's shift, rounded.
  private var quotient: Signed {
    // Moving up by what the largest shift exceeds the channel's own leaves one shift for all channels.
    let wide = product.extended(to: product.width + factors.shiftSpread)
    let moved = factors.shiftSpread == 0 ? wide : wide &<< shift
    return moved.rounded(by: factors.largestShift, .toNearestOrEven)
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
    accumulations.ready <== advance
    When(advance) {
      valid[0] <== accumulations.valid
      for stage in 1..<stages { valid[stage] <== valid[stage - 1] }
      sum <== accumulations.payload.sum
      if isUntied {
        When(accumulations.valid) { biasAddress.advance }
      }
      biased <== sum &+ bias
      factorWord <== channelParameters[biasWidth..<(biasWidth + factors.wordWidth)]
      product <== biased * multiplier
      shift <== factors.shift(factorWord, isNegative: isNegative)
      code <== saturated
    }
    codes.valid <== valid[stages - 1]
    if let table = layer.table {
      let width = layer.convolutionQuantization.bits
      let contents = table.indices.map { index in
        // The table begins with the lowest code; the memory with the code whose bits are zero.
        BitVector(truncating: table[(index + table.count / 2) % table.count], width: layer.outputBits)
      }
      let results: Memory<Signed> = memory(
        depth: 1 << width, of: .signed(layer.outputBits), contents: contents, named: "activation_table")
      codes.payload <== results.read(code.asUnsigned, enable: advance)
    } else {
      codes.payload <== code
    }
  }
}

/// The factors of a layer's channels as words of a memory: multipliers and shifts, the ones for negative sums only
/// where they differ.
private struct Factors {
  let largestShift: Int
  let shiftSpread: Int
  let hasNegative: Bool
  private let smallestShift: Int

  init(_ layer: QuantizedLayer) {
    let all = layer.requantization.flatMap { [$0.positive, $0.negative] }.filter { $0.multiplier != 0 }
    largestShift = all.map(\.shift).max() ?? 0
    smallestShift = all.map(\.shift).min() ?? 0
    shiftSpread = largestShift - smallestShift
    hasNegative = layer.requantization.contains { $0.positive != $0.negative }
  }

  /// Bits of a multiplier: 24 of magnitude and the sign.
  static let multiplierBits = 25
  var shiftBits: Int { bitsFor(shiftSpread) }
  private var factorWidth: Int { Self.multiplierBits + shiftBits }
  var wordWidth: Int { hasNegative ? 2 * factorWidth : factorWidth }

  func word(_ factors: Requantization) -> BitVector {
    hasNegative ? .concatenating([word(factors.negative), word(factors.positive)]) : word(factors.positive)
  }

  /// The multiplier above the places by which the product moves up.
  private func word(_ factor: Multiplier) -> BitVector {
    let places = factor.multiplier == 0 ? 0 : largestShift - factor.shift
    return .concatenating([
      BitVector(truncating: Int(factor.multiplier), width: Self.multiplierBits),
      BitVector(truncating: places, width: shiftBits),
    ])
  }

  private func chosen(_ word: Bits, isNegative: Bit) -> Bits {
    hasNegative ? isNegative.select(word[factorWidth..<(2 * factorWidth)], else: word[0..<factorWidth]) : word
  }

  func multiplier(_ word: Bits, isNegative: Bit) -> Signed {
    chosen(word, isNegative: isNegative)[shiftBits..<factorWidth].asSigned
  }

  func shift(_ word: Bits, isNegative: Bit) -> Unsigned {
    chosen(word, isNegative: isNegative)[0..<shiftBits].asUnsigned
  }
}
