import Testing
import WeftNetworks

@Suite struct MultiplierTests {
  @Test func float32FactorsAreExact() {
    var generator = SeededGenerator(seed: 1)
    for _ in 0..<1000 {
      let exponent = Int.random(in: -30...10, using: &generator)
      let significand = Float(Int.random(in: 1 << 23..<1 << 24, using: &generator))
      let real = Float(sign: .plus, exponent: exponent, significand: significand * 0x1p-23)
      let factor = Multiplier(Double(real))
      #expect(factor.real == Double(real))
      #expect((1 << 23..<1 << 24).contains(factor.multiplier))
      #expect(Multiplier(-Double(real)).real == -Double(real))
    }
  }

  @Test func halvesAreRoundedToEven() {
    let half = Multiplier(0.5)
    #expect([-5, -3, -2, -1, 0, 1, 3, 5].map { half(Int64($0)) } == [-2, -2, -1, 0, 0, 0, 2, 2])
    let quarter = Multiplier(-0.25)
    #expect([-6, -2, 1, 2, 3, 6].map { quarter(Int64($0)) } == [2, 0, 0, 0, -1, -2])
  }

  /// Products beyond 64 bits, against the definition: no result is nearer, and of two as near the even one is it.
  @Test func wideAccumulatorsAreExact() {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<2000 {
      let bits = Int.random(in: 30...62, using: &generator)
      let real = Double(sign: .plus, exponent: Int.random(in: -bits...(16 - bits), using: &generator), significand: 1)
      let factor = Multiplier(real * Double.random(in: 1..<2, using: &generator), accumulatorBits: bits)
      let value = Int64.random(in: -1 << (bits - 1)...1 << (bits - 1) - 1, using: &generator)
      // Some land on a tie.
      let given = value & 7 == 0 ? (value >> 30) << 30 : value
      let (product, result) = (Int128(given) * Int128(factor.multiplier), Int128(factor(given)))
      let distance = ((product - result << factor.shift) * 2).magnitude
      let step = UInt128(1) << factor.shift
      #expect(distance < step || (distance == step && result & 1 == 0), "\(given) x \(factor)")
    }
    #expect(Multiplier(0x1p-50, accumulatorBits: 51)(3 << 49) == 2)
    #expect(Multiplier(0x1p-51, accumulatorBits: 50) == .zero)
  }

  @Test func factorsBeyondTheRangeStayUsable() {
    #expect(Multiplier(0) == .zero && Multiplier(.nan) == .zero && Multiplier(0x1p-60) == .zero)
    #expect(Multiplier(.infinity).multiplier == 1 << 24 - 1)
    #expect(Multiplier(1e30)(1) == 1 << 24 - 1)
    // The widest accumulator with the smallest factor rounds to 0, with the greatest it fits.
    #expect(Multiplier(0x1p-39)(1 << 38) == 0)
    #expect(Multiplier(0x1p24)(-1 << 38) == -(1 << 38) * (1 << 24 - 1))
  }
}
