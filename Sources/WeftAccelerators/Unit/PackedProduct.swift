import Weft

/// Two products of one weight in one multiplier of an FPGA: of the activations of two rows, the second one
/// ``shift`` bits above the first.
///
/// (a1 x 2^shift + a0) x w holds a0 x w in its low bits and a1 x w above them, less one where the low product is
/// negative.
///
/// With 18 bits between them the operands fit the 27 x 18 bits of a DSP48E2. With 17 they fit the 25 x 18 bits of a
/// DSP48E1, but for the least pair of activations; so a0 + 128 stands there for a0, which keeps the operand in
/// its bits, and 128 x w is taken off the product by the adder behind the multiplier.
struct PackedProduct: Hashable {
  /// The bits of the low product.
  let shift: Int
  /// Whether the low activation is without a sign in the operand.
  private let isOffset: Bool

  /// The products of a kind of packing; `nil` where rows do not share multipliers.
  init?(_ packing: UnitConfiguration.Packing) {
    switch packing {
    case .none: return nil
    case .wide: (shift, isOffset) = (18, false)
    case .narrow: (shift, isOffset) = (17, true)
    }
  }

  /// Bits of an activation at the most.
  static let activationBits = 8
  /// The power of two that is added to a low activation, where there is an offset: 128.
  private static let offsetBits = 7
  /// Bits of the multiplier's narrower operand.
  private static let narrowOperandBits = 18

  /// Whether the products of all activations of so many bits and weights of a range keep apart, in operands that the
  /// multiplier has room for.
  func fits(activationBits: Int, weights: ClosedRange<Int>) -> Bool {
    let least = -(1 << (activationBits - 1))
    let most = max(least * weights.lowerBound, -least * weights.upperBound)
    let low = min(least * weights.upperBound, -least * weights.lowerBound)
    return activationBits <= Self.activationBits && most < 1 << (shift - 1) && low >= -(1 << (shift - 1))
      && signedBitsFor(weights) <= Self.narrowOperandBits
  }

  /// Bits of the operand that holds two activations of so many.
  func operandBits(activationBits: Int) -> Int { activationBits + shift + (isOffset ? 0 : 1) }

  /// The operand that holds two activations.
  func operand(_ low: Signed, _ high: Signed) -> Signed {
    guard isOffset else { return (high << shift) + low }
    let raised = low.extended(to: Self.activationBits) ^ Bits.signed(-1 << Self.offsetBits, Self.activationBits)
    return concatenate(high, raised.asBits.extended(to: shift)).asSigned
  }

  /// The product of an operand and a weight.
  func product(_ operand: Signed, _ weight: Signed) -> Signed {
    let product = operand * weight
    return isOffset ? product &- (weight << Self.offsetBits).extended(to: product.width) : product
  }

  /// The two products in that of an operand and a weight.
  func products(of packed: Signed) -> (low: Signed, high: Signed) {
    let low = packed.asBits[0..<shift].asSigned
    let high = packed.asBits[shift..<packed.width].asSigned
    return (low, high &+ low.mostSignificantBit.widened(to: high.width).asSigned)
  }
}

extension UnitConfiguration.Packing {
  /// Whether the products of all activations of so many bits and weights of a range keep apart.
  package func fits(activationBits: Int, weights: ClosedRange<Int>) -> Bool {
    PackedProduct(self)?.fits(activationBits: activationBits, weights: weights) ?? true
  }
}
