extension Netlist {
  /// The most parts that are written side by side.
  private static let joinedParts = 8

  /// Makes one assignment of those that drive the parts of a signal, where each part is but a name, some of its
  /// bits or a constant: what was assigned element by element reads as the vector it is.
  mutating func joinParts() {
    struct Piece {
      var process: Int
      var statement: Int
      var low: Int
      var value: NodeID
    }
    var pieces: [SignalID: [Piece]] = [:]
    for number in processes.indices
    where processes[number].kind == .combinational && processes[number].isUnconditional {
      for (position, statement) in processes[number].statements.enumerated() {
        guard case .assign(let signal, let low, let value, _) = statement, width(of: value) < self[signal].width
        else { continue }
        pieces[signal, default: []].append(Piece(process: number, statement: position, low: low, value: value))
      }
    }
    var joined: [Int: [Int: Statement?]] = [:]
    for signal in pieces.keys.sorted(by: { $0.index < $1.index }) {
      guard let parts = pieces[signal]?.sorted(by: { $0.low < $1.low }), parts.allSatisfy({ isPlain($0.value) }) else {
        continue
      }
      var end = 0
      for part in parts where part.low == end { end += width(of: part.value) }
      guard end == self[signal].width, parts.reduce(0, { $0 + width(of: $1.value) }) == end,
        let value = concatenation(of: parts.map(\.value)),
        let first = parts.min(by: { ($0.process, $0.statement) < ($1.process, $1.statement) }),
        case .assign(_, _, _, let place) = processes[first.process].statements[first.statement]
      else { continue }
      for part in parts { joined[part.process, default: [:]].updateValue(nil, forKey: part.statement) }
      joined[first.process, default: [:]][first.statement] = .assign(signal, low: 0, value, place)
    }
    if joined.isEmpty { return }
    processes = processes.enumerated().compactMap { number, process in
      guard let changes = joined[number] else { return process }
      var result = process
      result.statements = process.statements.enumerated().compactMap { position, statement in
        if let change = changes[position] { change } else { statement }
      }
      return result.statements.isEmpty ? nil : result
    }
  }

  private func isPlain(_ id: NodeID) -> Bool {
    switch self[id] {
    case .constant, .reference: true
    case .slice(let base, _): if case .reference = self[base] { true } else { false }
    default: false
    }
  }

  /// A node for `values`, the first the lowest, side by side, with bits that follow each other in one signal taken
  /// together; `nil` where more remain than one reads at a glance.
  private mutating func concatenation(of values: [NodeID]) -> NodeID? {
    var runs: [(base: NodeID, low: Int, width: Int)] = []
    for value in values {
      var (base, low) = (value, 0)
      if case .slice(let inner, let offset) = self[value] { (base, low) = (inner, offset) }
      let width = width(of: value)
      if let last = runs.last, last.base == base, last.low + last.width == low {
        runs[runs.count - 1].width += width
      } else {
        runs.append((base, low, width))
      }
      if runs.count > Self.joinedParts { return nil }
    }
    let parts = runs.reversed().map { run in
      run.width == width(of: run.base) ? run.base : append(.slice(run.base, low: run.low), width: run.width)
    }
    return parts.count == 1 ? parts[0] : append(.concatenate(parts), width: values.reduce(0) { $0 + width(of: $1) })
  }

  private mutating func append(_ node: Node, width: Int) -> NodeID {
    nodes.append(node)
    nodeWidths.append(Int32(width))
    return NodeID(index: Int32(nodes.count - 1))
  }
}
