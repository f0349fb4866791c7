import Weft

/// Two products of one weight in one multiplier of an FPGA: of the activations of two rows, the second one
/// ``shift`` bits above the first.
///
/// (a1 x 2^18 + a0) x w holds a0 x w in its low 18 bits and a1 x w above them, less one where the low product is
/// negative. The operands fit the 27 x 18 bits of a DSP48E2.
enum PackedProduct {
  /// The bits of the low product.
  static let shift = 18

  /// Whether the products of all activations and weights of so many bits keep apart.
  static func fits(activationBits: Int, weightBits: Int) -> Bool {
    activationBits <= 8 && activationBits + weightBits <= shift
  }

  /// The operand that holds two activations.
  static func operand(_ low: Signed, _ high: Signed) -> Signed { (high << shift) + low }

  /// The two products in that of an operand and a weight.
  static func products(of packed: Signed) -> (low: Signed, high: Signed) {
    let low = packed.asBits[0..<shift].asSigned
    let high = packed.asBits[shift..<packed.width].asSigned
    return (low, high &+ low.mostSignificantBit.widened(to: high.width).asSigned)
  }
}
