/// A number that binary places after the point hold exactly: `numerator` divided by two to the power of `fractionBits`.
struct BinaryFraction {
  var numerator: Int
  var fractionBits: Int

  init(numerator: Int, fractionBits: Int) {
    self.numerator = numerator
    self.fractionBits = fractionBits
  }

  /// The number, with as few places as hold it but none before the point missing; `nil` for what is no number.
  init?(_ number: Double) {
    guard number.isFinite else { return nil }
    self.init(numerator: 0, fractionBits: 0)
    if number == 0 { return }
    numerator = Int(Double(sign: number.sign, exponent: 52, significand: number.significand))
    let zeros = numerator.trailingZeroBitCount
    numerator >>= zeros
    fractionBits = 52 - Int(number.exponent) - zeros
    if fractionBits < 0, Operand.width(of: numerator, signed: true) - fractionBits <= Int.bitWidth {
      numerator <<= -fractionBits
      fractionBits = 0
    }
  }

  /// The number in two's complement of `width` bits, `places` of them after the point; `nil` where it does not fit.
  func bits(width: Int, fractionBits places: Int) -> BitVector? {
    let zeros = numerator == 0 ? 0 : min(numerator.trailingZeroBitCount, max(0, fractionBits - places))
    let kept = numerator >> zeros
    let shift = places - fractionBits + zeros
    if numerator == 0 { return BitVector(zero: width) }
    guard shift >= 0, Operand.width(of: kept, signed: true) + shift <= width else { return nil }
    return BitVector(truncating: kept, width: width).shifted(.left, by: shift)
  }
}

extension BinaryFraction: CustomStringConvertible {
  /// The nearest decimal number that a `Double` holds, whole ones without a point.
  var description: String {
    let number = Double(sign: .plus, exponent: -fractionBits, significand: Double(numerator))
    return Int(exactly: number).map { "\($0)" } ?? "\(number)"
  }
}

extension BitVector {
  /// The bits of a fixed-point number, which the shape has to hold exactly.
  public init(_ number: Double, as shape: Shape<Fixed>) {
    self = Fixed(number, as: shape).constantBits ?? BitVector(zero: shape.width)
  }

  /// The bits as a number in two's complement of which `fractionBits` come after the binary point, or the nearest
  /// number that a `Double` holds.
  public func fixedPointValue(fractionBits: Int) -> Double {
    if let value = signedValue { return Double(sign: .plus, exponent: -fractionBits, significand: Double(value)) }
    let magnitude = signBit ? BitVector(zero: width).subtracting(self) : self
    let value = magnitude.words.enumerated().reduce(0.0) { sum, word in
      sum + Double(sign: .plus, exponent: 64 * word.offset - fractionBits, significand: Double(word.element))
    }
    return signBit ? -value : value
  }
}
