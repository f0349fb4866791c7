extension Board {
  /// Checks that everything of the board that is written into scripts is no more than a name there.
  ///
  /// - Throws: `BoardError` that names the text and says what it may hold.
  func check() throws(BoardError) {
    var names = [name, part] + pins.keys.sorted() + processorSettings.keys.sorted()
    for pin in pins.values { names += [pin.location, pin.standard] }
    if let oscillator { names += oscillator.pins + [oscillator.standard] }
    if let memory { names += memory.ports }
    if let pciExpress {
      names += [pciExpress.interface, pciExpress.referenceClock, pciExpress.reset, pciExpress.memoryClock]
    }
    try check(names, allowing: [], "letters, digits, underscores, dots and hyphens")
    try check([boardPart ?? "none"], allowing: [":"], "letters, digits, underscores, dots, hyphens and colons")
    try check(
      processorSettings.values.sorted(), allowing: [" ", "+"],
      "letters, digits, underscores, dots, hyphens, plus signs and spaces")
    let isText = title.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control && $0 != "\u{2028}" }
    guard isText, title.count <= Self.longestName else {
      throw BoardError("the title of the board '\(name)' is longer than a line")
    }
    for clock in [device.clock, oscillator?.frequency, pciExpress?.clock] {
      guard let clock else { continue }
      guard clock > 0, clock <= 1e10 else {
        throw BoardError("the board '\(name)' has a clock of \(clock) Hz, which is none")
      }
    }
  }

  private static let longestName = 100

  private func check(_ texts: [String], allowing others: Set<Unicode.Scalar>, _ allowed: String) throws(BoardError) {
    for text in texts {
      let isName = text.unicodeScalars.allSatisfy { $0.isPartOfName || others.contains($0) }
      guard isName, !text.isEmpty, text.count <= Self.longestName else {
        throw BoardError(
          "'\(text.prefix(Self.longestName))' in the board '\(name.prefix(Self.longestName))' is no name: it takes 1 "
            + "to \(Self.longestName) of \(allowed)")
      }
    }
  }
}
