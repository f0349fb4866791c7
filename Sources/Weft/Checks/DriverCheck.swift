/// Finds bits that nothing drives, that two statements drive, or that some path leaves without a value, and inputs
/// of instances that are not connected.
struct DriverCheck {
  private let netlist: Netlist
  private let bits: BitDependencies

  init(bits: BitDependencies) {
    netlist = bits.netlist
    self.bits = bits
  }

  func run() -> [Diagnostic] {
    netlist.signalIDs.flatMap(check) + checkInstances()
  }

  // MARK: Signals

  private func check(_ id: Netlist.SignalID) -> [Diagnostic] {
    let isRegister: Bool
    switch netlist[id].role {
    case .input, .instanceOutput, .memoryRead: return []
    case .register: isRegister = true
    case .output, .wire, .instanceInput, .instanceDomain: isRegister = false
    }
    let statements = bits.statements(driving: id)
    if statements.count == 1, case .assign(_, _, let value, _) = statements[0],
      netlist.width(of: value) == netlist[id].width
    {
      return []
    }
    let signal = netlist[id]
    var diagnostics: [Diagnostic] = []
    let coverage = coverage(of: id, statements, &diagnostics)
    let all = BitRanges(0..<signal.width)
    let undriven = isRegister && !coverage.possible.isEmpty ? BitRanges() : all.subtracting(coverage.possible)
    if !undriven.isEmpty { diagnostics.append(undrivenDiagnostic(signal, undriven)) }
    let partial = coverage.possible.subtracting(coverage.certain)
    if !isRegister, !partial.isEmpty {
      diagnostics.append(
        Diagnostic(
          code: .latch,
          message: "\(list(partial, of: signal)) keeps its value on some path, which asks for a latch; give it a value "
            + "on every path, for instance a default before the first `When`",
          place: firstPlace(driving: id, statements) ?? signal.place))
    }
    return diagnostics
  }

  private func undrivenDiagnostic(_ signal: Netlist.Signal, _ bits: BitRanges) -> Diagnostic {
    if case .instanceInput(let instance, let port) = signal.role {
      return Diagnostic(
        code: .unconnected,
        message: "the input `\(port)` of the instance `\(netlist[instance].name)` is not connected"
          + (bits == BitRanges(0..<signal.width) ? "" : " in full; missing: \(list(bits, of: signal))"),
        place: netlist[instance].place)
    }
    return Diagnostic(
      code: .undriven, message: "nothing drives \(list(bits, of: signal)); give it a value with `<==`",
      place: signal.place)
  }

  private struct Coverage {
    /// Bits that some path assigns.
    var possible = BitRanges()
    /// Bits that every path assigns.
    var certain = BitRanges()
  }

  private func coverage(
    of id: Netlist.SignalID, _ statements: [Netlist.Statement], _ diagnostics: inout [Diagnostic]
  ) -> Coverage {
    let plain = statements.compactMap { statement -> (Range<Int>, SourcePlace)? in
      guard case .assign(let target, let low, let value, let place) = statement else { return nil }
      return target == id ? (low..<(low + netlist.width(of: value)), place) : nil
    }
    if plain.count == statements.count { return coverage(ofPlain: plain, of: id, &diagnostics) }
    var result = Coverage()
    for statement in statements {
      switch statement {
      case .assign(let target, let low, let value, let place):
        guard target == id else { continue }
        let bits = BitRanges(low..<(low + netlist.width(of: value)))
        let twice = result.possible.intersection(bits)
        if !twice.isEmpty { diagnostics.append(twiceDiagnostic(id, twice, place)) }
        result.possible.formUnion(bits)
        result.certain.formUnion(bits)
      case .when(_, let then, let otherwise, _):
        merge([coverage(of: id, then, &diagnostics), coverage(of: id, otherwise, &diagnostics)], into: &result)
      case .match(let subject, let cases, let otherwise, _):
        var branches = cases.map { coverage(of: id, $0.body, &diagnostics) }
        let codes = cases.reduce(0) { $0 + $1.patterns.count }
        let width = netlist.width(of: subject)
        let isFull = width < Int.bitWidth - 2 && codes == 1 << width
        if !isFull { branches.append(coverage(of: id, otherwise, &diagnostics)) }
        merge(branches, into: &result)
      case .write: continue
      }
    }
    return result
  }

  private func merge(_ branches: [Coverage], into result: inout Coverage) {
    guard var certain = branches.first?.certain else { return }
    for branch in branches {
      certain = certain.intersection(branch.certain)
      result.possible.formUnion(branch.possible)
    }
    result.certain.formUnion(certain)
  }

  /// Assignments without conditions, which may be thousands.
  private func coverage(
    ofPlain assignments: [(bits: Range<Int>, place: SourcePlace)], of id: Netlist.SignalID,
    _ diagnostics: inout [Diagnostic]
  ) -> Coverage {
    var merged: [Range<Int>] = []
    let sorted = assignments.sorted {
      ($0.bits.lowerBound, $0.place.line) < ($1.bits.lowerBound, $1.place.line)
    }
    for (bits, place) in sorted {
      if let last = merged.last, bits.lowerBound <= last.upperBound {
        if bits.lowerBound < last.upperBound {
          let twice = bits.clamped(to: last)
          diagnostics.append(twiceDiagnostic(id, BitRanges(twice), place))
        }
        merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, bits.upperBound)
      } else {
        merged.append(bits)
      }
    }
    var ranges = BitRanges()
    if merged.count == 1 { ranges = BitRanges(merged[0]) } else { merged.forEach { ranges.formUnion(BitRanges($0)) } }
    return Coverage(possible: ranges, certain: ranges)
  }

  private func twiceDiagnostic(_ id: Netlist.SignalID, _ bits: BitRanges, _ place: SourcePlace) -> Diagnostic {
    Diagnostic(
      code: .drivenTwice,
      message: "\(list(bits, of: netlist[id])) has a value already, which this statement would hide; remove one, or "
        + "put this one under a condition",
      place: place)
  }

  private func firstPlace(driving id: Netlist.SignalID, _ statements: [Netlist.Statement]) -> SourcePlace? {
    for statement in statements {
      switch statement {
      case .assign(let target, _, _, let place): if target == id { return place }
      case .when(_, let then, let otherwise, let place):
        if firstPlace(driving: id, then) != nil || firstPlace(driving: id, otherwise) != nil { return place }
      case .match(_, let cases, let otherwise, let place):
        if (cases.map(\.body) + [otherwise]).contains(where: { firstPlace(driving: id, $0) != nil }) { return place }
      case .write: continue
      }
    }
    return nil
  }

  private func list(_ bits: BitRanges, of signal: Netlist.Signal) -> String {
    let shown = bits.ranges.prefix(4).map { "`\(netlist.describe(bits: $0, of: signal))`" }
    return shown.joined(separator: ", ") + (bits.ranges.count > 4 ? " and more" : "")
  }

  // MARK: Instances

  private func checkInstances() -> [Diagnostic] {
    var diagnostics: [Diagnostic] = []
    for (index, instance) in netlist.instances.enumerated() {
      let id = Netlist.InstanceID(index: Int32(index))
      let child = bits.child(of: id)
      for input in child.ports.inputs where bits.signal(at: input, of: id) == nil {
        diagnostics.append(
          Diagnostic(
            code: .unconnected,
            message: "the input `\(child.netlist[input].name)` of the instance `\(instance.name)` is not connected",
            place: instance.place))
      }
    }
    return diagnostics
  }
}
