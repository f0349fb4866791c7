/// The row groups of a map or of a stage in a frame of length 1, each with a part of it in proportion to its cycles: the
/// first groups have equal parts, the last one may have a smaller one.
struct Pace {
  /// The number of groups.
  let groups: Int
  private let whole, last: Double

  /// The pace of groups whose cycles are `whole` each but for those of the last one.
  init(groups: Int, whole: Int, last: Int) {
    let total = Double(max(1, (groups - 1) * whole + last))
    self.groups = groups
    (self.whole, self.last) = (Double(whole) / total, Double(last) / total)
  }

  /// Where a group begins.
  func begin(_ group: Int) -> Double { Double(group) * whole }
  /// Where a group ends.
  func end(_ group: Int) -> Double { group == groups - 1 ? 1 : begin(group + 1) }

  /// The group at a place of the frame, and the part of it that lies before the place.
  func group(at place: Double) -> (group: Int, part: Double) {
    let group = min(groups - 1, max(0, Int(place / max(whole, .leastNonzeroMagnitude))))
    return (group, min(1, max(0, (place - begin(group)) / max(group == groups - 1 ? last : whole, .leastNonzeroMagnitude))))
  }
}
