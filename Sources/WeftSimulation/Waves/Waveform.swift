import Weft

/// What some signals of a run did: text for golden tests, pictures for documents.
public struct Waveform: Sendable {
  /// One signal's values.
  public struct Trace: Sendable {
    /// The name that stands beside it.
    public var name: String
    /// How its bits are read.
    public var format: Netlist.Format
    /// Its values, each with the time from which it held; the first is that of the beginning.
    public var changes: [(time: Time, value: BitVector)]

    /// A signal with these values.
    package init(name: String, format: Netlist.Format, changes: [(time: Time, value: BitVector)]) {
      self.name = name
      self.format = format
      self.changes = changes
    }

    /// The value at the end of the moments before `time`.
    func value(before time: Time) -> BitVector? { changes.last { $0.time < time }?.value ?? changes.first?.value }
  }

  /// The signals, in the order in which they were asked for.
  public var traces: [Trace]
  /// When the recording began and ended.
  public var begin: Time, end: Time
  /// The period of the main clock, and a time at which it rose or will rise.
  public var period: Time, phase: Time

  /// The waves of some signals.
  package init(traces: [Trace], begin: Time, end: Time, period: Time, phase: Time) {
    self.traces = traces
    self.begin = begin
    self.end = end
    self.period = period
    self.phase = phase
  }
}

// MARK: - Text

extension Waveform {
  /// The waves as lines of text with a column for each cycle of the main clock: what a signal held just before the
  /// clock rose.
  ///
  /// ```
  /// cycle  0     1     2     3
  /// go     /‾‾‾‾‾\___________
  /// phase  |idle |load |run
  /// count  |0                |1
  /// ```
  public func text() -> String { text(every: period, from: phase) }

  /// The waves as lines of text with a column for each of the times `first`, `first + step` and so on: what a signal
  /// held just before them.
  public func text(every step: Time, from first: Time) -> String {
    precondition(step > .zero, "the columns of a waveform are \(step) apart; that has to be above zero")
    var times: [Time] = []
    var time = first
    while time <= end {
      if time > begin { times.append(time) }
      time += step
    }
    let rows = traces.map { trace in times.compactMap { trace.value(before: $0) } }
    let labels = zip(traces, rows).map { trace, row in Self.segments(row, trace.format) }
    let wide = labels.joined().map { ($0.text.count + $0.columns) / $0.columns }.max() ?? 0
    let width = max(4, wide, String(max(0, times.count - 1)).count + 1)
    let margin = 2 + traces.reduce("cycle".count) { max($0, $1.name.count) }
    let header = times.indices.map { Self.padded(String($0), width) }.joined()
    var lines = [Self.padded("cycle", margin) + header]
    for ((trace, row), segments) in zip(zip(traces, rows), labels) {
      let line: String
      if case .bit = trace.format {
        line = Self.line(ofBits: row.map { $0[0] }, width)
      } else {
        line = segments.map { "|" + Self.padded($0.text, $0.columns * width - 1) }.joined()
      }
      lines.append(Self.padded(trace.name, margin) + line)
    }
    return lines.map(Self.withoutTrailingSpaces).joined(separator: "\n")
  }

  /// Equal neighbours of a row as one text over so many columns; none for bits, which are drawn.
  private static func segments(_ row: [BitVector], _ format: Netlist.Format) -> [(text: String, columns: Int)] {
    if case .bit = format { return [] }
    var segments: [(text: String, columns: Int)] = []
    for (index, value) in row.enumerated() {
      if index > 0, row[index - 1] == value {
        segments[segments.count - 1].columns += 1
      } else {
        segments.append((format.text(of: value), 1))
      }
    }
    return segments
  }

  private static func line(ofBits levels: [Bool], _ width: Int) -> String {
    var line = ""
    var before = levels.first ?? false
    for level in levels {
      line += level == before ? (level ? "‾" : "_") : level ? "/" : "\\"
      line += String(repeating: level ? "‾" : "_", count: width - 1)
      before = level
    }
    return line
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private static func withoutTrailingSpaces(_ line: String) -> String {
    var line = line
    while line.hasSuffix(" ") { line.removeLast() }
    return line
  }
}

extension Netlist.Format {
  /// A value as a person reads it: a number, the name of a case, a list of elements.
  func text(of value: BitVector) -> String {
    switch self {
    case .bit, .bits: return "x" + value.hexadecimal
    case .unsigned: return value.unsignedValue.map(String.init) ?? "x" + value.hexadecimal
    case .signed: return value.signedValue.map(String.init) ?? "x" + value.hexadecimal
    case .fixed(let fractionBits): return "\(value.fixedPointValue(fractionBits: fractionBits))"
    case .enumeration(_, let cases): return cases.first { $0.code == value }?.name ?? "x" + value.hexadecimal
    case .vector(let count, let element):
      let width = value.width / max(1, count)
      let parts = (0..<count).map { element.text(of: value.slice(low: $0 * width, width: width)) }
      return "[" + parts.joined(separator: " ") + "]"
    }
  }
}
