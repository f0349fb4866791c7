extension UnsafePointer<UInt64> {
  /// Bit `index` of the words: a strobe, or whether a byte is kept.
  @inline(__always)
  func isSet(_ index: Int) -> Bool {
    let word = self[index >> 6]
    return word >> UInt64(index & 63) & 1 != 0
  }
}
