/// The names in use in a module's Verilog: the user's, with what no identifier can hold replaced, and those that the
/// text needs besides.
final class SignalNames {
  /// The name of each signal, by its index.
  private(set) var names: [String]
  private let netlist: Netlist
  /// All names in use, clocks, resets, memories and instances included; gathered when the first new one is asked for.
  private lazy var taken: Set<String> = {
    var taken = Set<String>(
      minimumCapacity: netlist.signals.count + netlist.instances.count + netlist.memories.count)
    for use in netlist.domains {
      taken.insert(use.domain.clock)
      if use.usesReset { taken.insert(use.domain.reset) }
    }
    for memory in netlist.memories { taken.insert(memory.name) }
    for instance in netlist.instances { taken.insert(instance.name) }
    for name in names where VerilogNames.isIdentifier(name) { taken.insert(name) }
    return taken
  }()

  init(_ netlist: Netlist) {
    self.netlist = netlist
    names = netlist.signals.map(\.name)
    for index in names.indices where !VerilogNames.isIdentifier(names[index]) {
      let name = names[index]
      var repaired = Self.identifier(name)
      if isTaken(repaired) {
        var hash = FNV1a()
        hash.combine(name)
        repaired += "_" + BitVector(words: [hash.value], width: 16).hexadecimal
      }
      names[index] = freeName(repaired)
    }
  }

  /// Whether something has the name.
  func isTaken(_ name: String) -> Bool { taken.contains(name) }

  /// Takes the name itself, or the first one with underscores after it that nothing else has.
  func freeName(_ name: String) -> String {
    var result = name
    while !taken.insert(result).inserted { result += "_" }
    return result
  }

  private static func identifier(_ name: String) -> String {
    let bytes = name.utf8.map { VerilogNames.isWordByte($0) ? $0 : UInt8(ascii: "_") }
    let text = String(decoding: bytes, as: UTF8.self)
    return VerilogNames.isIdentifier(text) ? text : "signal_" + text
  }
}
