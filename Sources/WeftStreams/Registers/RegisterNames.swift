import Weft

/// The names that a register map has in the languages it is written in.
///
/// A name is legal in all of them: it begins with a letter and goes on with letters, digits and single underscores.
enum RegisterNames {
  /// Whether a name is legal in all languages, but for the words that they keep for themselves.
  static func isLegal(_ name: String) -> Bool {
    guard let first = name.unicodeScalars.first, let last = name.unicodeScalars.last else { return false }
    let isSpelled = name.unicodeScalars.allSatisfy { isLetter($0) || isDigit($0) || $0 == "_" }
    return isSpelled && isLetter(first) && last != "_" && !name.unicodeScalars.elementsRepeat("_")
  }

  /// The language that keeps a name for itself; `nil` where none does.
  static func language(reserving name: String) -> String? {
    if VerilogNames.keywords.contains(name) { return "Verilog" }
    return keywords.first { $0.words.contains(name) }?.language
  }

  /// The name as a constant: `frameCount` is `FRAME_COUNT`.
  static func constant(_ name: String) -> String { words(of: name).map { $0.uppercased() }.joined(separator: "_") }
  /// The name as a function: `frameCount` is `frame_count`.
  static func function(_ name: String) -> String { words(of: name).map { $0.lowercased() }.joined(separator: "_") }
  /// The name as a type: `frame_count` is `FrameCount`.
  static func type(_ name: String) -> String {
    words(of: name).map { $0.prefix(1).uppercased() + $0.dropFirst().lowercased() }.joined()
  }

  /// The words of a name, apart by underscores or by an upper-case letter behind another letter or digit.
  private static func words(of name: String) -> [String] {
    var words: [String] = [""]
    var isLower = false
    for scalar in name.unicodeScalars {
      let isUpper = ("A"..."Z").contains(scalar)
      if scalar == "_" || (isUpper && isLower) { words.append("") }
      if scalar != "_" { words[words.count - 1].unicodeScalars.append(scalar) }
      isLower = !isUpper && scalar != "_"
    }
    return words.filter { !$0.isEmpty }
  }

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
  }
  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

  private static let keywords: [(language: String, words: Set<String>)] = [
    (
      "C",
      words(
        """
        alignas alignof and_eq asm atomic_cancel atomic_commit atomic_noexcept auto bitand bitor bool catch char
        char16_t char32_t char8_t compl concept consteval constexpr constinit const_cast co_await co_return co_yield
        decltype delete double dynamic_cast errno explicit false float friend goto inline long mutable namespace
        noexcept not_eq nullptr operator or_eq private public reflexpr register reinterpret_cast requires short sizeof
        static_assert static_cast switch synchronized template thread_local throw true try typeid typename
        typeof using volatile wchar_t xor_eq
        """)
    ),
    (
      "Python",
      words(
        """
        False None True and as assert async await break class continue def del elif else except finally for from
        global if import in is lambda nonlocal not or pass raise return try while with yield
        """)
    ),
    (
      "SystemRDL",
      words(
        """
        abstract accesstype addressingtype addrmap alias all alternate bit boolean bothedge byte compact component
        componentwidth constraint default encode enum external false field fullalign hw inside int internal level
        longint mem na negedge nonsticky number onreadtype onwritetype posedge precedencetype property r rclr real ref
        reg regalign regfile rset ruser rw rw1 shortint shortreal signal signed string struct sw this true type
        unsigned w w1 wclr with within woclr woset wot wr wset wuser wzc wzs wzt
        """)
    ),
  ]

  private static func words(_ text: String) -> Set<String> {
    Set(text.split(whereSeparator: \.isWhitespace).map(String.init))
  }
}

extension String.UnicodeScalarView {
  /// Whether a scalar stands twice in a row.
  fileprivate func elementsRepeat(_ scalar: Unicode.Scalar) -> Bool {
    zip(self, dropFirst()).contains { $0 == scalar && $1 == scalar }
  }
}
