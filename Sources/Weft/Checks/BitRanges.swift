/// A set of bit positions, kept as disjoint ranges in ascending order.
struct BitRanges: Equatable {
  private(set) var ranges: [Range<Int>] = []

  init() {}
  init(_ range: Range<Int>) { ranges = range.isEmpty ? [] : [range] }

  var isEmpty: Bool { ranges.isEmpty }

  mutating func formUnion(_ other: BitRanges) {
    if other.isEmpty { return }
    if isEmpty { return self = other }
    var merged: [Range<Int>] = []
    for range in (ranges + other.ranges).sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = merged.last, range.lowerBound <= last.upperBound {
        merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        merged.append(range)
      }
    }
    ranges = merged
  }

  func intersection(_ other: BitRanges) -> BitRanges {
    var result = BitRanges()
    var (i, j) = (0, 0)
    while i < ranges.count, j < other.ranges.count {
      let common = ranges[i].clamped(to: other.ranges[j])
      if !common.isEmpty { result.ranges.append(common) }
      if ranges[i].upperBound < other.ranges[j].upperBound { i += 1 } else { j += 1 }
    }
    return result
  }

  func subtracting(_ other: BitRanges) -> BitRanges {
    var result = BitRanges()
    for range in ranges {
      var low = range.lowerBound
      for hole in other.ranges where hole.overlaps(range) {
        if low < hole.lowerBound { result.ranges.append(low..<hole.lowerBound) }
        low = max(low, hole.upperBound)
      }
      if low < range.upperBound { result.ranges.append(low..<range.upperBound) }
    }
    return result
  }
}
