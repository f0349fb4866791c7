import Foundation

/// A wave file read back: for each signal, by its hierarchical name, when it took which value.
struct ValueChangeDump {
  struct Change: Equatable {
    var time: Int
    var bits: String
  }

  private(set) var changes: [String: [Change]] = [:]

  init(contentsOfFile path: String) throws {
    var scopes: [String] = []
    var names: [String: [String]] = [:]
    var time = 0
    for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      switch words.first ?? "" {
      case "$scope": scopes.append(words[2])
      case "$upscope": scopes.removeLast()
      case "$var": names[words[3], default: []].append((scopes + [words[4]]).joined(separator: "."))
      case let word where word.hasPrefix("#"): time = Int(word.dropFirst()) ?? -1
      case let word where word.hasPrefix("b"):
        let bits = String(word.dropFirst().drop { $0 == "0" })
        add(bits.isEmpty ? "0" : bits, words[1], names, time)
      case let word where word.hasPrefix("0") || word.hasPrefix("1"):
        add(String(word.prefix(1)), String(word.dropFirst()), names, time)
      default: break
      }
    }
  }

  private mutating func add(_ bits: String, _ code: String, _ names: [String: [String]], _ time: Int) {
    for name in names[code] ?? [] where changes[name]?.last?.bits != bits {
      changes[name, default: []].append(Change(time: time, bits: bits))
    }
  }
}
