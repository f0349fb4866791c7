import Weft

/// A tree that combines values, with registers behind every level.
struct RegisteredTree {
  /// Levels for so many values, of which `arity` are combined between two registers.
  static func levels(of count: Int, arity: Int) -> Int {
    count <= 1 ? 0 : 1 + levels(of: ceilingDivide(count, arity), arity: arity)
  }

  /// All values combined, as many clock edges later as there are levels.
  ///
  /// - Parameters:
  ///   - arity: How many values are combined between two registers.
  ///   - enable: Edges at which it is zero do not count.
  ///   - name: What the registers are named after.
  static func combine<Value: Signal>(
    _ values: [Value], arity: Int, enable: Bit, named name: String, _ combine: (Value, Value) -> Value
  ) -> Value {
    var level = values
    var depth = 0
    while level.count > 1 {
      depth += 1
      level = stride(from: 0, to: level.count, by: arity).map { first in
        level[first..<min(first + arity, level.count)].reduceTree(combine)
          .delayed(by: 1, enable: enable, named: "\(name)\(depth)_\(first / arity)")
      }
    }
    return level[0]
  }
}
