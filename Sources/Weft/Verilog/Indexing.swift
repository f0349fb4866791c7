/// Arithmetic on the widths of indices.
enum Indexing {
  /// The number of bits that count from zero to `count - 1`, at least one.
  static func bits(for count: Int) -> Int {
    count <= 2 ? 1 : Int.bitWidth - (count - 1).leadingZeroBitCount
  }

  /// Whether an index of `width` bits can be `count` or more.
  static func canReach(_ count: Int, width: Int) -> Bool { width >= 62 || 1 << width > count }
}
