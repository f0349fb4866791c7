/// 64-bit words in one piece of memory that grows. Agents touch it every cycle, which an array's bookkeeping would slow
/// down.
final class WordBuffer {
  /// The first word.
  private(set) var start: UnsafeMutablePointer<UInt64>
  /// The number of words.
  private(set) var count = 0
  private var capacity: Int

  init(capacity: Int = 64) {
    self.capacity = max(1, capacity)
    start = .allocate(capacity: self.capacity)
  }

  deinit { start.deallocate() }

  /// Makes room for more words at the end, which are zero, and gives the first of them.
  @inline(__always)
  func append(_ words: Int) -> UnsafeMutablePointer<UInt64> {
    if count + words > capacity { grow(toHold: count + words) }
    let added = start + count
    added.initialize(repeating: 0, count: words)
    count += words
    return added
  }

  func removeAll() { count = 0 }

  @inline(never)
  private func grow(toHold words: Int) {
    let larger = max(words, 2 * capacity)
    let moved = UnsafeMutablePointer<UInt64>.allocate(capacity: larger)
    moved.moveInitialize(from: start, count: count)
    start.deallocate()
    (start, capacity) = (moved, larger)
  }
}
