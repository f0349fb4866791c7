import Foundation

/// Writes a value change dump (IEEE 1364-2005, chapter 18): the hierarchy of signals first, then what changes when.
struct VCDWriter {
  /// Bits in an array of words, under any number of names.
  private struct Variable {
    var word: Int
    var width: Int
    var code: [UInt8]
  }

  private let file: FileHandle
  private let path: String
  private var buffer: [UInt8] = []
  private var variables: [Variable] = []
  /// The variable that begins at each word.
  private var indices: [Int: Int] = [:]
  /// The words of all variables at the last recording, one after another.
  private var previous: [UInt64] = []
  private var isFirst = true

  /// Creates the file. Names follow by `beginScope`, `declare` and `endScope`, then `endDeclarations`.
  init(path: String) throws {
    guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path)
    else { throw SimulationError("cannot write the wave file \(path); does its folder exist?") }
    self.file = file
    self.path = path
    write("$version Weft $end\n$timescale 1ps $end\n")
  }

  private mutating func write(_ text: String) { buffer.append(contentsOf: text.utf8) }

  mutating func beginScope(_ name: String) { write("$scope module \(name) $end\n") }

  mutating func endScope() { write("$upscope $end\n") }

  /// Declares `width` bits from a word of the array. Bits that were declared before get a second name.
  mutating func declare(_ name: String, width: Int, word: Int) {
    let index = indices[word] ?? variables.count
    if index == variables.count {
      indices[word] = index
      variables.append(Variable(word: word, width: width, code: Self.code(index)))
    }
    let range = width == 1 ? "" : " [\(width - 1):0]"
    write("$var wire \(width) \(String(decoding: variables[index].code, as: UTF8.self)) \(name)\(range) $end\n")
  }

  mutating func endDeclarations() {
    write("$enddefinitions $end\n")
    previous = [UInt64](repeating: 0, count: variables.reduce(0) { $0 + ($1.width + 63) / 64 })
  }

  /// A short name of printable characters.
  private static func code(_ index: Int) -> [UInt8] {
    var (rest, code) = (index, [UInt8]())
    repeat {
      code.append(UInt8(33 + rest % 94))
      rest = rest / 94 - 1
    } while rest >= 0
    return code
  }
}

// MARK: - Changes

extension VCDWriter {
  /// Writes what has changed since the last recording, at a time in picoseconds.
  mutating func record(_ words: UnsafePointer<UInt64>, at time: Int) throws {
    var hasTime = false
    var place = 0
    for variable in variables {
      let count = (variable.width + 63) / 64
      defer { place += count }
      var differs = isFirst
      for index in 0..<count where previous[place + index] != words[variable.word + index] {
        previous[place + index] = words[variable.word + index]
        differs = true
      }
      guard differs else { continue }
      if !hasTime { write("#\(time)\n") }
      hasTime = true
      append(variable, place)
    }
    isFirst = false
    if buffer.count > 1 << 18 { try flush() }
  }

  /// Writes a variable's bits, a vector's without leading zeros.
  private mutating func append(_ variable: Variable, _ place: Int) {
    if variable.width == 1 {
      buffer.append(digit(place, 0))
    } else {
      buffer.append(UInt8(ascii: "b"))
      var highest = variable.width - 1
      while highest > 0, digit(place, highest) == UInt8(ascii: "0") { highest -= 1 }
      for bit in (0...highest).reversed() { buffer.append(digit(place, bit)) }
      buffer.append(UInt8(ascii: " "))
    }
    buffer.append(contentsOf: variable.code)
    buffer.append(UInt8(ascii: "\n"))
  }

  private func digit(_ place: Int, _ bit: Int) -> UInt8 {
    UInt8(ascii: "0") + UInt8(truncatingIfNeeded: previous[place + bit >> 6] >> UInt64(bit & 63) & 1)
  }

  private mutating func flush() throws {
    do {
      try file.write(contentsOf: buffer)
    } catch {
      throw SimulationError("cannot write the wave file \(path): \(FileProblem.reason(error))")
    }
    buffer.removeAll(keepingCapacity: true)
  }

  /// Ends the file at a time in picoseconds.
  mutating func close(at time: Int) throws {
    write("#\(time)\n")
    try flush()
    try? file.close()
  }
}

/// Writes the waves of a running design.
final class VCDTrace: SimulationObserver {
  private var writer: VCDWriter
  private let words: UnsafePointer<UInt64>
  /// What went wrong while waves were written.
  private var error: (any Error)?

  /// Records the variables that `writer` has declared over an engine's words.
  init(_ writer: VCDWriter, words: UnsafePointer<UInt64>) {
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
