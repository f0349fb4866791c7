/// The names of a module's signals in Verilog: the user's, with what no identifier can hold replaced.
struct SignalNames {
  /// By index of the signal.
  private(set) var names: [String]
  /// All names in use in the module, clocks, resets, memories and instances included.
  private(set) var taken: Set<String>

  init(_ netlist: Netlist) {
    taken = []
    for use in netlist.domains {
      taken.insert(use.domain.clock)
      if use.usesReset { taken.insert(use.domain.reset) }
    }
    for memory in netlist.memories { taken.insert(memory.name) }
    for instance in netlist.instances { taken.insert(instance.name) }
    for signal in netlist.signals where Self.isIdentifier(signal.name) { taken.insert(signal.name) }
    names = []
    for signal in netlist.signals {
      if Self.isIdentifier(signal.name) {
        names.append(signal.name)
        continue
      }
      var name = Self.identifier(signal.name)
      if taken.contains(name) {
        var hash = FNV1a()
        hash.combine(signal.name)
        name += "_" + BitVector(words: [hash.value], width: 16).hexadecimal
      }
      while !taken.insert(name).inserted { name += "_" }
      names.append(name)
    }
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }

  private static func isIdentifier(_ name: String) -> Bool {
    guard let first = name.utf8.first, !(48...57).contains(first) else { return false }
    return name.utf8.allSatisfy(isWordByte)
  }

  private static func identifier(_ name: String) -> String {
    let bytes = name.utf8.map { isWordByte($0) ? $0 : UInt8(ascii: "_") }
    let text = String(decoding: bytes, as: UTF8.self)
    return isIdentifier(text) ? text : "signal_" + text
  }
}
