import Weft
import WeftNetworks

/// What turns one sum into a code: three cycles long, or with deep pipelining ten, and one more for a table.
public struct RequantiserLane: Module {
  let layer: QuantizedLayer
  let biasBits: Int
  let pipelining: UnitConfiguration.Pipelining
  private let parameters: RequantisationFactors

  /// A lane of a layer's requantiser.
  init(_ layer: QuantizedLayer, biasBits: Int, pipelining: UnitConfiguration.Pipelining) {
    self.layer = layer
    self.biasBits = biasBits
    self.pipelining = pipelining
    parameters = RequantisationFactors(layer)
  }

  public var verilogName: String? { "\(layer.name)_requantiser_lane" }

  /// Cycles from a sum to its code.
  static func latency(_ layer: QuantizedLayer, _ pipelining: UnitConfiguration.Pipelining) -> Int {
    (pipelining == .deep ? 10 : 3) + (layer.table == nil ? 0 : 1)
  }

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

  private var isDeep: Bool { pipelining == .deep }
  /// A value that long paths lead to and from: so many cycles later with deep pipelining.
  private func cut<Value: Signal>(_ value: Value, by cycles: Int = 1, named name: String) -> Value {
    value.delayed(by: isDeep ? cycles : 0, enable: advance, named: name)
  }

  // MARK: Bias and factor

  private var biased: Signed { register(.signed(layer.accumulatorBits)) }
  private var factorWord: Bits { register(.bits(parameters.wordWidth)) }
  private var isNegative: Bit { wire(biased.mostSignificantBit) }
  private var multiplier: Signed {
    wire(cut(parameters.multiplier(factorWord, isNegative: isNegative), named: "chosenMultiplier"))
  }
  private var product: Signed {
    register(.signed(layer.accumulatorBits + RequantisationFactors.multiplierBits))
  }
  private var shift: Unsigned { register(.unsigned(parameters.shiftBits)) }

  /// The product of what is biased and its multiplier, as one or, with deep pipelining, as those of 18 x 18 bits, two
  /// cycles later.
  private var wholeProduct: Signed {
    let operand = cut(biased, named: "operand")
    guard isDeep else { return operand * multiplier }
    let (a, b) = (Self.parts(operand), Self.parts(multiplier))
    // Products of equal weight are added first.
    let diagonals = (0..<a.count + b.count - 1).map { weight in
      let products = a.indices.filter { b.indices.contains(weight - $0) }.map { index in
        cut(a[index] * b[weight - index], named: "product\(index)_\(weight - index)")
      }
      return cut(products.sum(), named: "diagonal\(weight)") << (Self.partBits * weight)
    }
    let sum = diagonals.sum()
    return sum.width > product.width ? sum.truncated(to: product.width) : sum.extended(to: product.width)
  }

  /// Bits of a part of an operand, but for the highest, which has one more.
  private static let partBits = 17
  /// A number as parts of 18 bits with a sign, the lowest first: all but the highest are not negative.
  private static func parts(_ number: Signed) -> [Signed] {
    let width = partBits + 1
    guard number.width > width else { return [number] }
    let low = number.asBits[0..<partBits].asUnsigned.extended(to: width).asSigned
    return [low] + parts(number.asBits[partBits..<number.width].asSigned)
  }

  // MARK: Rounding

  private var rounded: Signed { wire(quotient) }
  private var convolutionCode: Signed { register(.signed(layer.convolutionQuantization.bits)) }

  /// The product divided by two to the power of the channel's shift, rounded.
  private var quotient: Signed {
    // Moving up by what the largest shift exceeds the channel's own leaves one shift for all channels.
    let wide = product.extended(to: product.width + parameters.shiftSpread)
    let moved = cut(parameters.shiftSpread == 0 ? wide : wide &<< shift, named: "moved")
    let places = parameters.largestShift
    guard isDeep, places > 0 else { return cut(moved.rounded(by: places, .toNearestOrEven), named: "floor") }
    let bits = moved.asBits
    let floor = bits[min(places, bits.width - 1)..<bits.width].asSigned
    let half = places <= bits.width ? bits[places - 1] : moved.mostSignificantBit
    let rest = places == 1 ? 0 : bits[0..<min(places - 1, bits.width)] != Bits.zeros(min(places - 1, bits.width))
    let roundsUp = cut(half & (rest | floor.asBits[0]), named: "roundsUp")
    return cut(floor, named: "floor") + roundsUp.select(Bits.signed(1, 2), else: Bits.signed(0, 2))
  }

  private var saturated: Signed {
    wire({
      let offset = cut(
        rounded + Bits.signed(layer.outputZeroPoint, layer.convolutionQuantization.bits), named: "offset")
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
      biased <== cut(sum, named: "sum") &+ cut(bias, named: "bias").extended(to: layer.accumulatorBits)
      factorWord <== cut(factors, named: "factors")
      product <== wholeProduct
      shift <== cut(parameters.shift(factorWord, isNegative: isNegative), by: 3, named: "chosenShift")
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
