/// Payloads of a channel that wait, in order.
final class PayloadQueue {
  private let wordCount: Int
  private let words = WordBuffer()
  private var position = 0

  /// A queue for payloads of so many words.
  init(wordCount: Int) { self.wordCount = wordCount }

  var isEmpty: Bool { position == words.count }
  var count: Int { (words.count - position) / wordCount }
  /// The words of the payload that comes next.
  var first: UnsafePointer<UInt64> { UnsafePointer(words.start + position) }

  /// Makes room for a payload at the end, whose words are zero.
  func append() -> UnsafeMutablePointer<UInt64> { words.append(wordCount) }

  /// Puts a copy of a payload at the end.
  func append(copyOf payload: UnsafePointer<UInt64>) { append().update(from: payload, count: wordCount) }

  /// Copies the payload that comes next.
  func copyFirst(to payload: UnsafeMutablePointer<UInt64>) { payload.update(from: first, count: wordCount) }

  func removeFirst() {
    position += wordCount
    if isEmpty { removeAll() }
  }

  func removeAll() {
    words.removeAll()
    position = 0
  }
}
