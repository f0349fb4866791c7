import Foundation
import WeftVerification

/// What the tool says: results on the standard output, everything else on the standard error.
struct Console {
  private let start = ContinuousClock.now
  private let isTerminal = isatty(FileHandle.standardError.fileDescriptor) == 1
  private var lastReport: Duration = .zero
  private var isLineOpen = false

  /// Says something that is not a result.
  mutating func note(_ text: String) {
    endLine()
    write(text + "\n")
  }

  /// Tells how far a simulation is.
  mutating func report(_ progress: RunProgress) {
    let percent = progress.received * 100 / max(progress.expected, 1)
    report("simulating: \(progress.cycles) cycles, \(percent) % of the results")
  }

  /// Tells how far something is, from a second on and then every other second; a terminal's line is written over.
  mutating func report(_ text: @autoclosure () -> String) {
    let elapsed = ContinuousClock.now - start
    guard elapsed > .seconds(1), elapsed - lastReport > (isTerminal ? .milliseconds(200) : .seconds(2)) else { return }
    lastReport = elapsed
    write(isTerminal ? "\r\u{1b}[K" + text() : text() + "\n")
    isLineOpen = isTerminal
  }

  /// Ends a line that would be written over.
  mutating func endLine() {
    if isLineOpen { write("\n") }
    isLineOpen = false
  }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

  /// Prints a value as JSON, its keys sorted.
  static func printJSON(_ value: some Encodable) throws { print(String(decoding: try json(value), as: UTF8.self)) }

  /// A value as JSON, its keys sorted.
  static func json(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(value)
  }
}
