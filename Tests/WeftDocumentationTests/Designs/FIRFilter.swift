import Weft

/// The sum of the last samples, each times a constant.
struct FIRFilter: Module {
  /// The factor of the present sample, of the one before, and so on.
  var coefficients: [Int]
  var sampleBits = 8

  var sample: Signed { input(.signed(sampleBits)) }
  var result: Signed { output(.signed(resultBits)) }

  /// Bits that hold the largest result: a sample's, and those of all factors' magnitudes together.
  var resultBits: Int {
    let gain = coefficients.reduce(0) { $0 + abs($1) }
    return sampleBits + Int.bitWidth - gain.leadingZeroBitCount
  }

  var body: Circuit {
    let products = coefficients.enumerated().map { age, coefficient in
      sample.delayed(by: age) * Signed(coefficient)
    }
    result <== products.sum().truncated(to: resultBits)
  }
}
