import Weft

extension Waveform {
  /// The waves as a picture, with every edge at its time: a period of the main clock is 48 units wide.
  public func svg() -> String {
    let (unit, row, top) = (48.0, 28.0, 24.0)
    let margin = 16 + 8 * Double(traces.map(\.name.count).max() ?? 0)
    let scale = unit / Self.nanoseconds(period)
    let x = { (time: Time) in margin + Self.nanoseconds(time - begin) * scale }
    let (width, height) = (x(end) + 8, top + row * Double(traces.count) + 8)
    var lines = [
      """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Self.number(width)) \(Self.number(height))" \
      width="\(Self.number(width))" font-family="monospace" font-size="12" fill="#808080" stroke-width="1.2">
      """
    ]
    var (time, count) = (begin, 0)
    while time <= end {
      let place = Self.number(x(time))
      lines.append(
        "<path d=\"M\(place) \(Self.number(top - 4))V\(Self.number(height - 4))\" stroke=\"#80808040\"/>"
          + "<text x=\"\(place)\" y=\"14\">\(count)</text>")
      (time, count) = (time + period, count + 1)
    }
    for (index, trace) in traces.enumerated() {
      let base = top + row * Double(index)
      lines.append("<text x=\"8\" y=\"\(Self.number(base + 17))\">\(trace.name.escapedForMarkup)</text>")
      let spans = trace.changes.enumerated().map { number, change in
        let next = number + 1 < trace.changes.count ? trace.changes[number + 1].time : end
        return (from: x(change.time), to: x(next), value: change.value)
      }
      if case .bit = trace.format {
        lines.append(Self.bitPath(spans.map { ($0.from, $0.to, $0.value[0]) }, base))
      } else {
        lines += spans.map { Self.box($0.from, $0.to, trace.format.text(of: $0.value), base) }
      }
    }
    return lines.joined(separator: "\n") + "\n</svg>\n"
  }

  /// A line that is up where a bit is one.
  private static func bitPath(_ spans: [(from: Double, to: Double, isOne: Bool)], _ base: Double) -> String {
    var path = ""
    for span in spans {
      let y = number(base + (span.isOne ? 4 : 20))
      path += (path.isEmpty ? "M\(number(span.from)) \(y)" : "V\(y)") + "H\(number(span.to))"
    }
    return "<path d=\"\(path)\" fill=\"none\" stroke=\"#3080c0\"/>"
  }

  /// A box with pointed ends around a value, whose text is shortened to what fits.
  private static func box(_ from: Double, _ to: Double, _ text: String, _ base: Double) -> String {
    let slope = min(3, (to - from) / 2)
    let (high, middle, low) = (number(base + 4), number(base + 12), number(base + 20))
    let (left, right) = (number(from + slope), number(to - slope))
    let path = "M\(number(from)) \(middle)L\(left) \(high)H\(right)L\(number(to)) \(middle)L\(right) \(low)H\(left)Z"
    let room = Int((to - from - 2 * slope) / 7.4)
    let shown = text.count <= room ? text : room > 1 ? text.prefix(room - 1) + "…" : ""
    return "<path d=\"\(path)\" fill=\"none\" stroke=\"#3080c0\"/>"
      + "<text x=\"\(number(from + slope + 1))\" y=\"\(number(base + 16))\">\(String(shown).escapedForMarkup)</text>"
  }

  private static func nanoseconds(_ time: Time) -> Double { Double(time.numerator) / Double(time.denominator) }

  /// A coordinate with at most one decimal.
  private static func number(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(abs(tenths % 10))"
  }
}

extension String {
  /// The text as it stands between the tags of XML and HTML.
  var escapedForMarkup: String {
    replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }
}
