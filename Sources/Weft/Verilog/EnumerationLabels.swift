/// The names under which a module's Verilog shows the cases of the enumerations that its signals hold.
struct EnumerationLabels {
  /// The constants, in order of the signals and cases.
  private(set) var declarations: [VerilogDeclaration] = []
  private let netlist: Netlist
  private var names: [Netlist.Format: [BitVector: String]] = [:]

  /// Names each case `Enumeration_case`; one that is taken gets underscores behind it.
  init(_ netlist: Netlist, signalNames: SignalNames) {
    self.netlist = netlist
    for signal in netlist.signals {
      guard case .enumeration(let type, let cases) = signal.format, names[signal.format] == nil else { continue }
      var known: [BitVector: String] = [:]
      for one in cases {
        let name = signalNames.freeName(Self.identifier("\(type)_\(one.name)"))
        known[one.code] = name
        declarations.append(
          VerilogDeclaration(
            kind: .parameter, name: name, width: signal.width, value: .literal(one.code, isSigned: false)))
      }
      names[signal.format] = known
    }
  }

  /// The name of the case whose bits are `value`, where the signal holds an enumeration.
  func label(_ value: BitVector, of signal: Netlist.SignalID) -> VerilogExpression? {
    names[netlist[signal].format]?[value].map { .name($0) }
  }

  /// The names of the cases with other codes than these, where the signal holds an enumeration.
  func names(of signal: Netlist.SignalID, except codes: Set<BitVector>) -> [String] {
    guard case .enumeration(_, let cases) = netlist[signal].format else { return [] }
    return cases.filter { !codes.contains($0.code) }.compactMap { names[netlist[signal].format]?[$0.code] }
  }

  /// The name of the case that a constant is, beside an expression that is a signal.
  func label(_ constant: Netlist.NodeID, beside other: Netlist.NodeID) -> VerilogExpression? {
    guard case .constant(let value) = netlist[constant], case .reference(let signal) = netlist[other] else {
      return nil
    }
    return label(value, of: signal)
  }

  private static func identifier(_ text: String) -> String {
    String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
  }
}
