/// How each signal of a module is driven.
struct SignalDrives {
  /// What drives one signal.
  enum Drive: Hashable {
    /// Nothing here.
    case none
    /// One expression, always.
    case single(Netlist.NodeID)
    /// Expressions for its parts, always.
    case parts
    /// A clock edge or conditions.
    case procedural
  }

  private var drives: [Drive]
  private let inlineCandidates: [Bool]

  init(_ netlist: Netlist) {
    var drives = Array(repeating: Drive.none, count: netlist.signals.count)
    for index in netlist.processes.indices {
      if netlist.processes[index].kind == .combinational, netlist.processes[index].isUnconditional {
        for case .assign(let signal, _, let value, _) in netlist.processes[index].statements {
          let isWhole = netlist.width(of: value) == netlist[signal].width
          drives[Int(signal.index)] = isWhole ? .single(value) : .parts
        }
      } else {
        for target in netlist.processes[index].targets { drives[Int(target.index)] = .procedural }
      }
    }
    var isRead = Array(repeating: false, count: netlist.signals.count)
    for signal in netlist.readSignals() { isRead[Int(signal.index)] = true }
    self.drives = drives
    inlineCandidates = netlist.signals.indices.map { index in
      guard case .single = drives[index], !isRead[index] else { return false }
      switch netlist.signals[index].role {
      case .instanceInput, .instanceDomain: return true
      case .input, .output, .wire, .register, .instanceOutput, .memoryRead: return false
      }
    }
  }

  /// What drives a signal.
  subscript(_ signal: Netlist.SignalID) -> Drive { drives[Int(signal.index)] }

  /// Whether a signal is nothing but a short expression at an instance's port.
  func isInline(_ signal: Netlist.SignalID, _ writer: ExpressionWriter) -> Bool {
    guard inlineCandidates[Int(signal.index)], case .single(let value) = self[signal] else { return false }
    return writer.standsAtPort(value)
  }
}

extension Netlist.Process {
  /// Whether the process is nothing but assignments.
  var isUnconditional: Bool {
    statements.allSatisfy { if case .assign = $0 { true } else { false } }
  }
}
