import Weft

extension Int {
  /// The least bits of an unsigned number that holds every value from zero to this one.
  var bitsToHold: Int { Swift.max(1, Int.bitWidth - Swift.max(0, self).leadingZeroBitCount) }
}

extension Unsigned {
  /// The place after this one in a ring of `count` places.
  func successor(inRingOf count: Int) -> Unsigned {
    count == 1 << width ? self &+ 1 : (self == Unsigned(count - 1)).select(0, else: self &+ 1)
  }

  /// The place so many after this one in a ring of `count` places, where `places` is at most `count`.
  func advanced(by places: Unsigned, inRingOf count: Int) -> Unsigned {
    let sum = self + places.extended(to: Swift.max(width, places.width))
    return (sum >= Unsigned(count)).select(sum &- Unsigned(count), else: sum).truncated(to: width)
  }

  /// The same number in `width` bits, which hold it.
  func fitted(to width: Int) -> Unsigned { width < self.width ? truncated(to: width) : extended(to: width) }
}
