extension Netlist {
  /// Makes one assignment per bit of combinational processes that are nothing but assignments: what a later one
  /// overrides goes. Such assignments stand outside any block.
  mutating func settleAssignments() {
    let overlapping = processes.indices.filter { index in
      processes[index].statements.count > 1 && processes[index].kind == .combinational
        && processes[index].isUnconditional && overlaps(processes[index])
    }
    if overlapping.isEmpty { return }
    var rewriter = NetlistRewriter(self) { _, _, _, _ in nil }
    _ = rewriter.finish()
    self = rewriter.withBuilder { builder in
      for index in overlapping {
        let statements = builder.netlist.processes[index].statements
        builder.netlist.processes[index].statements = Self.lastAssignments(statements, in: &builder)
      }
      return builder.netlist
    }
  }

  private func overlaps(_ process: Process) -> Bool {
    var seen: [SignalID: BitVector] = [:]
    for case .assign(let signal, let low, let value, _) in process.statements {
      var bits = seen.removeValue(forKey: signal) ?? BitVector(zero: self[signal].width)
      for bit in low..<(low + width(of: value)) {
        if bits[bit] { return true }
        bits[bit] = true
      }
      seen[signal] = bits
    }
    return false
  }

  private static func lastAssignments(_ statements: [Statement], in builder: inout NetlistBuilder) -> [Statement] {
    var taken: [SignalID: BitVector] = [:]
    var result: [Statement] = []
    for case .assign(let signal, let low, let value, let place) in statements.reversed() {
      var bits = taken.removeValue(forKey: signal) ?? BitVector(zero: builder.netlist[signal].width)
      let end = low + builder.width(of: value)
      var position = end
      while position > low {
        if bits[position - 1] {
          position -= 1
          continue
        }
        var start = position - 1
        while start > low, !bits[start - 1] { start -= 1 }
        let part = builder.slice(value, low: start - low, width: position - start)
        result.append(.assign(signal, low: start, part, place))
        position = start
      }
      for bit in low..<end { bits[bit] = true }
      taken[signal] = bits
    }
    return result.reversed()
  }
}
