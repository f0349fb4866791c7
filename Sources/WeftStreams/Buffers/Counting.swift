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
}
