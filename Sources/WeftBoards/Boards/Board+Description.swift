extension Board: CustomStringConvertible {
  /// The board as a person reads it, a property a line.
  public var description: String {
    var lines = [
      "\(title)",
      "  part        \(part)",
      "  tools       \(family.tools == .vivado ? "Vivado" : "Yosys and nextpnr")",
      "  resources   \(device.dsp) DSPs, \(device.ramb18) block RAMs of 18 Kib"
        + (device.lut.map { ", \($0) look-up tables" } ?? ""),
      "  clock       \(Int(device.clock / 1e6)) MHz designed for"
        + (oscillator.map { ", an oscillator of \(Int($0.frequency / 1e6)) MHz at \($0.pins.joined(separator: ", "))" }
          ?? ""),
    ]
    if let memory {
      lines.append(
        "  memory      \(memory.bytes >> 20) MB of \(memory.kind), through \(memory.ports.joined(separator: ", ")) of "
          + "\(memory.portBits) bits")
    }
    if !pins.isEmpty { lines.append("  pins        \(pins.keys.sorted().joined(separator: ", "))") }
    return lines.joined(separator: "\n")
  }
}
