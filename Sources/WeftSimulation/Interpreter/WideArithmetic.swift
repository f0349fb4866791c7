/// Arithmetic on runs of 64-bit words, least significant first, whose bits beyond their width are zero. A target never
/// overlaps an operand.
enum WideArithmetic {
  typealias Words = UnsafeMutablePointer<UInt64>

  @inline(__always)
  private static func count(_ width: Int) -> Int { (width + 63) >> 6 }

  /// Clears the bits of the highest word that `width` does not use.
  @inline(__always)
  private static func trim(_ target: Words, width: Int) {
    if width & 63 != 0 { target[width >> 6] &= .max &>> UInt64(64 - width & 63) }
  }

  @inline(__always)
  static func copy(_ target: Words, _ a: Words, count: Int) {
    for index in 0..<count { target[index] = a[index] }
  }

  static func add(_ target: Words, _ a: Words, _ b: Words, width: Int) {
    var carry: UInt64 = 0
    for index in 0..<count(width) {
      let (partial, first) = a[index].addingReportingOverflow(b[index])
      let (sum, second) = partial.addingReportingOverflow(carry)
      target[index] = sum
      carry = first || second ? 1 : 0
    }
    trim(target, width: width)
  }

  static func subtract(_ target: Words, _ a: Words, _ b: Words, width: Int) {
    var borrow: UInt64 = 0
    for index in 0..<count(width) {
      let (partial, first) = a[index].subtractingReportingOverflow(b[index])
      let (difference, second) = partial.subtractingReportingOverflow(borrow)
      target[index] = difference
      borrow = first || second ? 1 : 0
    }
    trim(target, width: width)
  }

  static func invert(_ target: Words, _ a: Words, width: Int) {
    for index in 0..<count(width) { target[index] = ~a[index] }
    trim(target, width: width)
  }

  /// The product, as wide as both operands together. The unsigned one is corrected for negative operands: each takes
  /// the other, moved up by its own width, away.
  static func multiply(_ target: Words, _ a: Words, width aWidth: Int, _ b: Words, width bWidth: Int, signed: Bool) {
    let total = count(aWidth + bWidth)
    target.update(repeating: 0, count: total)
    for i in 0..<count(aWidth) where a[i] != 0 {
      var carry: UInt64 = 0
      for j in 0..<count(bWidth) where i + j < total {
        let (high, low) = a[i].multipliedFullWidth(by: b[j])
        let (first, firstOverflow) = low.addingReportingOverflow(target[i + j])
        let (second, secondOverflow) = first.addingReportingOverflow(carry)
        target[i + j] = second
        carry = high &+ (firstOverflow ? 1 : 0) &+ (secondOverflow ? 1 : 0)
      }
      if i + count(bWidth) < total { target[i + count(bWidth)] = carry }
    }
    if signed {
      if sign(a, width: aWidth) { subtract(b, width: bWidth, movedBy: aWidth, from: target, count: total) }
      if sign(b, width: bWidth) { subtract(a, width: aWidth, movedBy: bWidth, from: target, count: total) }
    }
    trim(target, width: aWidth + bWidth)
  }

  private static func subtract(_ a: Words, width: Int, movedBy places: Int, from target: Words, count total: Int) {
    var borrow: UInt64 = 0
    for index in (places >> 6)..<total {
      let low = index << 6 - places
      var word: UInt64 = 0
      if low < 0 {
        word = a[0] &<< UInt64(-low)
      } else if low < width {
        word = bits(a, low: low, count: min(64, width - low))
      }
      let (partial, first) = target[index].subtractingReportingOverflow(word)
      let (difference, second) = partial.subtractingReportingOverflow(borrow)
      target[index] = difference
      borrow = first || second ? 1 : 0
    }
  }

  static func less(_ a: Words, _ b: Words, width: Int) -> Bool {
    var index = count(width) - 1
    while index > 0, a[index] == b[index] { index -= 1 }
    return a[index] < b[index]
  }

  @inline(__always)
  static func sign(_ a: Words, width: Int) -> Bool { a[(width - 1) >> 6] &>> UInt64((width - 1) & 63) & 1 != 0 }

  static func countOnes(_ a: Words, width: Int) -> Int {
    var result = 0
    for index in 0..<count(width) { result += a[index].nonzeroBitCount }
    return result
  }

  static func shiftLeft(_ target: Words, _ a: Words, by amount: UInt64, width: Int) {
    target.update(repeating: 0, count: count(width))
    guard amount < UInt64(width) else { return }
    copyBits(target, low: Int(amount), from: a, low: 0, count: width - Int(amount))
  }

  static func shiftRight(_ target: Words, _ a: Words, by amount: UInt64, width: Int, signed: Bool) {
    target.update(repeating: signed && sign(a, width: width) ? .max : 0, count: count(width))
    trim(target, width: width)
    guard amount < UInt64(width) else { return }
    copyBits(target, low: 0, from: a, low: Int(amount), count: width - Int(amount))
  }

  static func signExtend(_ target: Words, width: Int, _ a: Words, width narrow: Int) {
    copy(target, a, count: count(narrow))
    let isNegative = sign(a, width: narrow)
    if isNegative, narrow & 63 != 0 { target[narrow >> 6] |= .max &<< UInt64(narrow & 63) }
    for index in count(narrow)..<count(width) { target[index] = isNegative ? .max : 0 }
    trim(target, width: width)
  }

  /// Up to 64 bits from bit `low`.
  @inline(__always)
  static func bits(_ a: Words, low: Int, count: Int) -> UInt64 {
    let shift = low & 63
    var result = a[low >> 6] &>> UInt64(shift)
    if shift + count > 64 { result |= a[low >> 6 + 1] &<< UInt64(64 - shift) }
    return result & (.max &>> UInt64(64 - count))
  }

  /// Puts `count` bits of `source` from bit `sourceLow` at bit `low` of the target and leaves its other bits.
  static func copyBits(_ target: Words, low: Int, from source: Words, low sourceLow: Int, count: Int) {
    var (low, sourceLow, remaining) = (low, sourceLow, count)
    if low & 63 != 0 {
      let length = min(64 - low & 63, remaining)
      put(bits(source, low: sourceLow, count: length), count: length, into: target, at: low)
      (low, sourceLow, remaining) = (low + length, sourceLow + length, remaining - length)
    }
    if sourceLow & 63 == 0 {
      copy(target + low >> 6, source + sourceLow >> 6, count: remaining >> 6)
    } else {
      let shift = UInt64(sourceLow & 63)
      let (to, from) = (target + low >> 6, source + sourceLow >> 6)
      for index in 0..<remaining >> 6 { to[index] = from[index] &>> shift | from[index + 1] &<< (64 - shift) }
    }
    let moved = remaining & ~63
    if remaining & 63 != 0 {
      put(
        bits(source, low: sourceLow + moved, count: remaining & 63), count: remaining & 63, into: target,
        at: low + moved)
    }
  }

  /// Puts `count` bits within one word.
  @inline(__always)
  private static func put(_ value: UInt64, count: Int, into target: Words, at low: Int) {
    let mask = (UInt64.max &>> UInt64(64 - count)) &<< UInt64(low & 63)
    target[low >> 6] = target[low >> 6] & ~mask | value &<< UInt64(low & 63) & mask
  }
}
