/// A real factor as hardware applies it: value x multiplier / 2^shift, rounded half to even.
///
/// The magnitude of a multiplier that is not 0 has exactly 24 bits, so that every float32 factor of
/// ordinary size is held exactly.
public struct Multiplier: Hashable, Sendable {
  /// 0, or a magnitude in 2^23 ..< 2^24; below zero for a negative factor.
  public let multiplier: Int32
  /// 0 through 85.
  public let shift: Int

  /// The factor 0.
  public static let zero = Multiplier(multiplier: 0, shift: 0)

  private init(multiplier: Int32, shift: Int) {
    self.multiplier = multiplier
    self.shift = shift
  }

  /// The nearest factor of 24 significant bits.
  ///
  /// Factors so small that no accumulator reaches more than half a code with them become 0; factors above 2^24 - 1
  /// become that, as every accumulator but 0 saturates with it.
  ///
  /// - Parameter accumulatorBits: width of the accumulators that the factor is for, at most 62.
  public init(_ real: Double, accumulatorBits: Int = 39) {
    let magnitude = abs(real)
    guard magnitude >= Double(sign: .plus, exponent: -accumulatorBits, significand: 1) else {  // also not a number
      self = .zero
      return
    }
    var mantissa = 0xFF_FFFF
    var shift = 0
    if magnitude < 0x1p24 {
      // magnitude = significand x 2^exponent with a significand in 1 ..< 2.
      mantissa = Int((magnitude.significand * 0x1p23).rounded(.toNearestOrEven))
      shift = 23 - Int(magnitude.exponent)
      if mantissa == 1 << 24 {
        if shift == 0 {
          mantissa -= 1
        } else {
          mantissa >>= 1
          shift -= 1
        }
      }
    }
    self.init(multiplier: Int32(real < 0 ? -mantissa : mantissa), shift: shift)
  }

  /// The factor as a real number.
  public var real: Double { Double(sign: .plus, exponent: -shift, significand: Double(multiplier)) }

  /// `value` x multiplier / 2^shift, rounded half to even; a result beyond 64 bits gives the nearest that has them.
  @inlinable
  public func callAsFunction(_ value: Int64) -> Int64 {
    let (product, isWide) = value.multipliedReportingOverflow(by: Int64(multiplier))
    guard isWide || shift > 62 else { return Self.rounded(product, shift) }
    return Int64(clamping: Self.rounded(Int128(value) * Int128(multiplier), shift))
  }

  /// `product` / 2^shift, rounded half to even.
  @inlinable
  static func rounded<Value: FixedWidthInteger & SignedInteger>(_ product: Value, _ shift: Int) -> Value {
    guard shift > 0 else { return product }
    let floor = product >> shift
    let remainder = product - floor << shift
    let half: Value = 1 << (shift - 1)
    let roundsUp = remainder > half || (remainder == half && floor & 1 == 1)
    return roundsUp ? floor + 1 : floor
  }
}

/// The two factors of one output channel.
public struct Requantization: Hashable, Sendable {
  /// Applied to an accumulator of 0 or more.
  public var positive: Multiplier
  /// Applied to an accumulator below 0: the same as `positive` without a rectifier, 0 for ReLU.
  public var negative: Multiplier

  /// Creates the factors of one output channel.
  public init(positive: Multiplier, negative: Multiplier) {
    self.positive = positive
    self.negative = negative
  }
}
