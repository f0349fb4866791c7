/// The text of a memory's contents as Verilog's `$readmemh` takes it: words in hexadecimal, `@` and an address to go on
/// from, comments.
public struct MemoryImage: Sendable {
  /// The words from address zero; gaps are zero.
  public let words: [BitVector]

  /// What is wrong with an image, and in which line.
  public struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
    /// The line, from one.
    public var line: Int
    /// A sentence.
    public var message: String
    /// `line n: sentence`
    public var description: String { "line \(line): \(message)" }
  }

  /// The most words that an image may have.
  private static let mostWords = 1 << 28

  /// Reads an image of words of `width` bits.
  ///
  /// - Throws: `Problem` for what is no word, a word that does not fit, or an address out of all bounds.
  public init(hexadecimal text: String, width: Int) throws(Problem) {
    var words: [BitVector] = []
    var address = 0
    let lines = Self.withoutComments(text).split(separator: "\n", omittingEmptySubsequences: false)
    for (number, line) in lines.enumerated() {
      for token in line.split(whereSeparator: \.isWhitespace) {
        if token.first == "@" {
          guard let place = Int(token.dropFirst(), radix: 16), place >= 0, place < Self.mostWords else {
            throw Problem(line: number + 1, message: "'\(token)' is no address of a memory")
          }
          address = place
          continue
        }
        guard let word = BitVector(hexadecimal: token.filter { $0 != "_" }, width: width) else {
          throw Problem(line: number + 1, message: "'\(token)' is no hexadecimal word of \(width) bits")
        }
        guard address < Self.mostWords else { throw Problem(line: number + 1, message: "the image has too many words") }
        if address >= words.count {
          words += Array(repeating: BitVector(zero: width), count: address - words.count + 1)
        }
        words[address] = word
        address += 1
      }
    }
    self.words = words
  }

  /// The text with comments as spaces; line breaks stay.
  private static func withoutComments(_ text: String) -> String {
    var result = ""
    var rest = Substring(text)
    while let slash = rest.firstIndex(of: "/") {
      result += rest[..<slash]
      rest = rest[slash...]
      if rest.hasPrefix("//") {
        rest = rest[(rest.firstIndex(where: \.isNewline) ?? rest.endIndex)...]
      } else if rest.hasPrefix("/*") {
        var comment = rest.dropFirst(2)
        while !comment.isEmpty, !comment.hasPrefix("*/") {
          if comment.removeFirst().isNewline { result += "\n" }
        }
        rest = comment.dropFirst(2)
        result += " "
      } else {
        result += "/"
        rest = rest.dropFirst()
      }
    }
    return result + rest
  }
}

extension BitVector {
  /// The bits that hexadecimal digits stand for; `nil` where there are none, others among them, or they do not fit.
  public init?(hexadecimal digits: some StringProtocol, width: Int) {
    guard width > 0, !digits.isEmpty else { return nil }
    var words = [UInt64](repeating: 0, count: BitVector.wordCount(forWidth: width))
    for (position, digit) in digits.reversed().enumerated() {
      guard let value = digit.hexDigitValue else { return nil }
      let bits = width - position * 4
      if bits < 4, value >> max(0, bits) != 0 { return nil }
      if value != 0 { words[position / 16] |= UInt64(value) << UInt64(position % 16 * 4) }
    }
    self.init(words: words, width: width)
  }
}
