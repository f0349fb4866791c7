extension RegisterMap {
  /// The name of the page: `engine_registers.html`.
  public var htmlName: String { RegisterNames.function(name) + "_registers.html" }

  /// A page for people, in one file: a table of the registers, and for each of them its word as a drawing and its
  /// fields.
  ///
  /// - Throws: ``RegisterMapError`` for a map with ``problems``.
  public func html() throws(RegisterMapError) -> String {
    try checked()
    let title = RegisterText.html("Registers of \(name)")
    let rows = registers.map { register in
      let link = "<a href=\"#\(register.name)\">\(register.name)</a>"
      return Self.row([register.places(wordBytes: wordBytes), link, RegisterText.html(register.description)])
    }
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(title)</title>
      <style>
      \(Self.style)
      </style>
      </head>
      <body>
      <main>
      <h1>\(title)</h1>
      \(Self.paragraph(description))<p>\(registers.count) registers of \(wordWidth) bits in \(size) bytes.</p>
      <table>
      <tr><th>Offset</th><th>Register</th><th>What it is for</th></tr>
      \(rows.joined(separator: "\n"))
      </table>
      \(registers.map(section).joined(separator: "\n"))
      </main>
      </body>
      </html>

      """
  }

  private func section(_ register: Register) -> String {
    let rows = register.fields.sorted { $0.lowBit > $1.lowBit }.map { field in
      let values = field.values.map { "<li><code>\(field.digits($0.number))</code> \($0.name)</li>" }.joined()
      let meaning = RegisterText.html(field.description) + (values.isEmpty ? "" : "<ul>\(values)</ul>")
      let reset = field.access.isStored ? "<code>\(field.digits(field.reset))</code>" : ""
      return Self.row([field.places, field.name, field.access.title, reset, meaning])
    }
    return """
      <section id="\(register.name)">
      <h2>\(register.name) <span>\(register.places(wordBytes: wordBytes))</span></h2>
      \(Self.paragraph(register.description))<table class="word">
      \(drawing(of: register))
      </table>
      <table>
      <tr><th>Bits</th><th>Field</th><th>Software</th><th>Reset</th><th>What it means</th></tr>
      \(rows.joined(separator: "\n"))
      </table>
      </section>
      """
  }

  /// Rows of 32 bits, the highest first: the numbers at both ends of what lies there, and its name.
  private func drawing(of register: Register) -> String {
    stride(from: wordWidth - 32, through: 0, by: -32).map { low in
      var (numbers, names) = ("", "")
      for (bits, name) in register.parts(of: low..<(low + 32)).reversed() {
        let ends = bits.count == 1 ? "\(bits.lowerBound)" : "<i>\(bits.upperBound - 1)</i><i>\(bits.lowerBound)</i>"
        numbers += "<td colspan=\"\(bits.count)\"><div>\(ends)</div></td>"
        names += "<td colspan=\"\(bits.count)\"\(name == nil ? "" : " class=\"field\"")>\(name ?? "")</td>"
      }
      return "<tr>\(numbers)</tr>\n<tr>\(names)</tr>"
    }.joined(separator: "\n")
  }

  private static func row(_ cells: [String]) -> String {
    "<tr>\n" + cells.map { "<td>\($0)</td>\n" }.joined() + "</tr>"
  }

  private static func paragraph(_ text: String) -> String {
    text.isEmpty ? "" : "<p>\(RegisterText.html(text))</p>\n"
  }

  private static let style = """
    body { margin: 0; background: #ffffff; color: #1f2430;
      font: 14px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif }
    main { max-width: 1120px; margin: 0 auto; padding: 40px 24px 64px }
    h1 { margin: 0 0 4px; font-size: 24px; font-weight: 600; line-height: 1.3; overflow-wrap: anywhere }
    h2 { margin: 0 0 4px; font-size: 16px; font-weight: 600 }
    h2 span { color: #6b7280; font-weight: 400; font-size: 12px }
    p { margin: 0 0 12px; max-width: 78ch; color: #6b7280; white-space: pre-line }
    a { color: #2f5fa8; text-decoration: none }
    section { margin-top: 40px; overflow-x: auto }
    table { width: 100%; border-collapse: collapse; font-size: 12px; font-variant-numeric: tabular-nums }
    th { padding: 6px 16px 6px 0; border-bottom: 1px solid #6b7280; color: #6b7280; font-weight: 400; text-align: left }
    td { padding: 5px 16px 5px 0; border-bottom: 1px solid #eef0f4; vertical-align: top; white-space: pre-line }
    td:first-child { white-space: nowrap }
    ul { margin: 4px 0 0; padding: 0; list-style: none }
    table.word { table-layout: fixed; margin: 8px 0 16px; min-width: 720px }
    table.word td { padding: 2px; border: 0; color: #6b7280; text-align: center; overflow: hidden;
      text-overflow: ellipsis; white-space: nowrap }
    table.word tr:nth-child(even) td { padding: 6px 2px; border: 1px solid #d5d9e0; background: #fafbfc }
    table.word tr:nth-child(even) td.field { background: #dbe5f3; color: #1f2430 }
    table.word div { display: flex; justify-content: space-between }
    table.word div:not(:has(i)) { justify-content: center }
    table.word i { font-style: normal }
    @media print { main { padding: 0 } section { break-inside: avoid } }
    """
}

extension Register {
  /// Where it is, or its elements are.
  fileprivate func places(wordBytes: Int) -> String {
    let first = UInt64(offset).hexadecimal(bits: 16)
    guard let count else { return first }
    let last = UInt64(offset + (count - 1) * stride).hexadecimal(bits: 16)
    return "\(first) to \(last), \(count) \u{d7} \(stride) bytes"
  }

  /// What lies in these bits of the word, from the lowest on: parts of fields, and what lies between them.
  fileprivate func parts(of range: Range<Int>) -> [(bits: Range<Int>, field: String?)] {
    var parts: [(bits: Range<Int>, field: String?)] = []
    var low = range.lowerBound
    for field in fields.sorted(by: { $0.lowBit < $1.lowBit }) where field.bits.overlaps(range) {
      let bits = field.bits.clamped(to: range)
      if bits.lowerBound > low { parts.append((low..<bits.lowerBound, nil)) }
      parts.append((bits, field.name))
      low = bits.upperBound
    }
    if low < range.upperBound { parts.append((low..<range.upperBound, nil)) }
    return parts
  }
}

extension Register.Field {
  /// The bits that it takes.
  fileprivate var places: String { width == 1 ? "\(lowBit)" : "\(bits.upperBound - 1):\(lowBit)" }
  /// A value as a reader sees it: in hexadecimal, unless it is small or has a sign.
  fileprivate func digits(_ number: Int) -> String {
    isSigned || (0..<10).contains(number) ? "\(number)" : pattern(of: number).hexadecimal(bits: width)
  }
}
