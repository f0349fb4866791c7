import Weft

/// The size of one memory of a unit, and what it is best made of: block RAM, or look-up tables where it is shallow or
/// small.
package struct MemoryShape: Hashable {
  /// Words.
  package let depth: Int
  /// Bits of a word.
  package let width: Int

  /// A memory of `depth` words of `width` bits.
  package init(depth: Int, width: Int) {
    self.depth = depth
    self.width = width
  }

  /// Words that a look-up table of six inputs holds.
  private static let tableDepth = 64
  /// Bits up to which a block would be wasted.
  private static let smallestBlock = 2048
  /// The shapes of a block of 18 Kib.
  private static let blockShapes: [(depth: Int, width: Int)] = [
    (512, 36), (1024, 18), (2048, 9), (4096, 4), (8192, 2), (16384, 1),
  ]

  private var isInTables: Bool { depth <= Self.tableDepth || depth * width <= Self.smallestBlock }
  /// What synthesis is asked for.
  var style: Netlist.MemoryStyle { isInTables ? .distributed : .block }

  /// Blocks of 18 Kib, in the best of the shapes that a block has.
  package var ramb18: Int {
    if isInTables { return 0 }
    return Self.blockShapes.reduce(.max) { min($0, ceilingDivide(depth, $1.depth) * ceilingDivide(width, $1.width)) }
  }

  /// Look-up tables that hold the words: seven of eight where they are written, all of them where they are not, and
  /// one in four more to choose among them.
  package func lut(isWritten: Bool) -> Int {
    guard isInTables else { return 0 }
    let turns = ceilingDivide(depth, Self.tableDepth)
    let words = isWritten ? ceilingDivide(width, 7) * 8 * turns : width * turns
    return words + (turns == 1 ? 0 : ceilingDivide(width * turns, 4))
  }
}
