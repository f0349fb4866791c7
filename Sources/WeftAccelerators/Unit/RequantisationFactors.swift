import Weft
import WeftNetworks

/// The factors of a layer's channels as words of a memory: multipliers and shifts, the ones for negative sums only
/// where they differ.
struct RequantisationFactors: Hashable {
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
