/// The names of a module's signals in Verilog: the user's, with what no identifier can hold replaced.
struct SignalNames {
  /// By index of the signal.
  private(set) var names: [String]
  /// All names in use in the module, clocks, resets, memories and instances included.
  private(set) var taken: Set<String>

  init(_ netlist: Netlist) {
    taken = Set(minimumCapacity: netlist.signals.count + netlist.instances.count + netlist.memories.count)
    for use in netlist.domains {
      taken.insert(use.domain.clock)
      if use.usesReset { taken.insert(use.domain.reset) }
    }
    for memory in netlist.memories { taken.insert(memory.name) }
    for instance in netlist.instances { taken.insert(instance.name) }
    names = netlist.signals.map(\.name)
    let needsRepair = names.map { !VerilogNames.isIdentifier($0) }
    for (name, isOdd) in zip(names, needsRepair) where !isOdd { taken.insert(name) }
    for (index, signal) in netlist.signals.enumerated() where needsRepair[index] {
      var name = Self.identifier(signal.name)
      if taken.contains(name) {
        var hash = FNV1a()
        hash.combine(signal.name)
        name += "_" + BitVector(words: [hash.value], width: 16).hexadecimal
      }
      while !taken.insert(name).inserted { name += "_" }
      names[index] = name
    }
  }

  private static func identifier(_ name: String) -> String {
    let bytes = name.utf8.map { VerilogNames.isWordByte($0) ? $0 : UInt8(ascii: "_") }
    let text = String(decoding: bytes, as: UTF8.self)
    return VerilogNames.isIdentifier(text) ? text : "signal_" + text
  }
}
