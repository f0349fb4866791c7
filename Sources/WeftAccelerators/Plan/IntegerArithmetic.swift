/// `a / b` rounded up, for positive numbers.
package func ceilingDivide(_ a: Int, _ b: Int) -> Int { (a + b - 1) / b }

/// `a / b` rounded down and what remains, at least zero; `b` is positive.
func floorDivide(_ a: Int, _ b: Int) -> (Int, Int) {
  let quotient = a >= 0 ? a / b : -((-a + b - 1) / b)
  return (quotient, a - quotient * b)
}

/// The bits that hold numbers from zero to `largest`.
func bitsFor(_ largest: Int) -> Int { max(1, Int.bitWidth - largest.leadingZeroBitCount) }

/// The bits that hold numbers of `range` in two's complement.
func signedBitsFor(_ range: ClosedRange<Int>) -> Int {
  max(bitsFor(max(range.upperBound, 0)), range.lowerBound < 0 ? bitsFor(~range.lowerBound) : 1) + 1
}
