import Weft

/// Writes a wave file: the hierarchy of signals first, then what changes when.
protocol WaveWriter {
  /// Creates the file.
  init(path: String) throws
  mutating func beginScope(_ name: String)
  mutating func endScope()
  /// Declares `width` bits from a word of the array that is recorded. Bits that were declared before get a second name.
  mutating func declare(_ name: String, width: Int, format: Netlist.Format, word: Int)
  mutating func endDeclarations()
  /// Writes what has changed since the last recording, at a time in picoseconds.
  mutating func record(_ words: UnsafePointer<UInt64>, at time: Int) throws
  /// Ends the file at a time in picoseconds.
  mutating func close(at time: Int) throws
}

/// Writes the waves of a running design.
final class WaveTrace: SimulationObserver {
  private var writer: any WaveWriter
  private let words: UnsafePointer<UInt64>
  /// What went wrong while waves were written.
  private var error: (any Error)?

  /// Records the variables that `writer` has declared over an engine's words.
  init(_ writer: any WaveWriter, words: UnsafePointer<UInt64>) {
    self.writer = writer
    self.words = words
  }

  func observe(at time: Time, before edges: [ClockEdge]) {
    do { try writer.record(words, at: time.picoseconds) } catch { self.error = self.error ?? error }
  }

  /// Records the last values and completes the file. Throws what went wrong since it was created.
  func close(at time: Time) throws {
    observe(at: time, before: [])
    do { try writer.close(at: time.picoseconds) } catch { self.error = self.error ?? error }
    if let error { throw error }
  }
}

/// Bits in an array of words and what they were at the last recording.
struct WaveVariable {
  /// The first word.
  var word: Int
  /// The number of bits.
  var width: Int
  /// The words at the last recording.
  var value: [UInt64]
  private var isRecorded = false

  init(word: Int, width: Int) {
    self.word = word
    self.width = width
    value = [UInt64](repeating: 0, count: BitVector.wordCount(forWidth: width))
  }

  /// Takes over the words, and tells whether they differ from the last ones or are the first.
  mutating func update(from words: UnsafePointer<UInt64>) -> Bool {
    var differs = !isRecorded
    isRecorded = true
    for index in value.indices where value[index] != words[word + index] {
      value[index] = words[word + index]
      differs = true
    }
    return differs
  }

  /// A bit as 0 or 1.
  func bit(_ index: Int) -> UInt8 { UInt8(truncatingIfNeeded: value[index >> 6] >> UInt64(index & 63) & 1) }
}
