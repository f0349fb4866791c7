import WeftStreams

/// The row groups of a map or of a stage in a frame, each with a part of it in proportion to its cycles: the first
/// groups have equal parts, the last one may have a smaller one.
package struct Pace: Hashable, Sendable {
  /// The number of groups.
  let groups: Int
  /// Cycles of a group, and of the last one, without a common divisor.
  let whole, last: Int

  /// The pace of groups whose cycles are `whole` each but for those of the last one.
  init(groups: Int, whole: Int, last: Int) {
    let divisor = greatestCommonDivisor(max(1, whole), max(1, last))
    (self.groups, self.whole, self.last) = (groups, max(1, whole) / divisor, max(1, last) / divisor)
  }

  /// Cycles of a frame.
  var total: Int { (groups - 1) * whole + last }

  // MARK: Groups counted over frames

  /// The cycle in which a group begins.
  func firstCycle(_ group: Int) -> Int { group / groups * total + group % groups * whole }
  /// The last group that begins before a cycle above zero.
  func lastGroup(before cycle: Int) -> Int {
    let (frame, rest) = ((cycle - 1) / total, (cycle - 1) % total)
    return frame * groups + min(groups - 1, rest / whole)
  }

  // MARK: Groups of a frame of length 1

  /// Where a group begins.
  func begin(_ group: Int) -> Double { Double(group * whole) / Double(total) }
  /// Where a group ends.
  func end(_ group: Int) -> Double { group == groups - 1 ? 1 : begin(group + 1) }

  /// The group at a place of the frame, and the part of it that lies before the place.
  func group(at place: Double) -> (group: Int, part: Double) {
    let cycle = place * Double(total)
    let group = min(groups - 1, max(0, Int(cycle) / whole))
    let cycles = group == groups - 1 ? last : whole
    return (group, min(1, max(0, (cycle - Double(group * whole)) / Double(cycles))))
  }
}
