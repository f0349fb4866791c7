import Weft

/// Carries out a module's statements symbolically: `When` and `match` become selections between values.
struct StatementResolver {
  typealias Value = ModuleDataflow.Value

  /// What a piece has been given so far: a value, where the guard is one or absent.
  private struct Assigned {
    var guardValue: Value?
    var value: Value
  }

  /// What one branch of a condition did: the pieces it touched, with what they held at its end.
  private typealias Outcome = [Int: Assigned?]

  private(set) var dataflow: ModuleDataflow
  private let netlist: Netlist
  /// For each signal the low ends of its pieces in order, and the index of the first among all pieces.
  private var lows: [[Int]]
  private var firstPiece: [Int] = []
  private var owner: [Int] = []
  private var current: [Assigned?]
  private var log: [(piece: Int, old: Assigned?)] = []
  private var path: Value?

  init(netlist: Netlist, dataflow: ModuleDataflow) {
    self.netlist = netlist
    self.dataflow = dataflow
    var boundaries = [[Int]](repeating: [0], count: netlist.signals.count)
    for process in netlist.processes { Self.collect(process.statements, in: netlist, into: &boundaries) }
    lows = boundaries.indices.map { signal in
      var sorted: [Int] = []
      for low in boundaries[signal].sorted() where low != sorted.last && low < netlist.signals[signal].width {
        sorted.append(low)
      }
      return sorted
    }
    for (signal, pieces) in lows.enumerated() {
      firstPiece.append(owner.count)
      owner.append(contentsOf: repeatElement(signal, count: pieces.count))
    }
    current = [Assigned?](repeating: nil, count: owner.count)
  }

  private static func collect(_ statements: [Netlist.Statement], in netlist: Netlist, into boundaries: inout [[Int]]) {
    for statement in statements {
      switch statement {
      case .assign(let signal, let low, let value, _):
        boundaries[Int(signal.index)].append(low)
        boundaries[Int(signal.index)].append(low + netlist.width(of: value))
      case .when(_, let then, let otherwise, _):
        collect(then, in: netlist, into: &boundaries)
        collect(otherwise, in: netlist, into: &boundaries)
      case .match(_, let cases, let otherwise, _):
        for matchCase in cases { collect(matchCase.body, in: netlist, into: &boundaries) }
        collect(otherwise, in: netlist, into: &boundaries)
      case .write: break
      }
    }
  }

  /// Adds the drivers, updates and writes of one process.
  mutating func resolve(_ process: Netlist.Process) {
    path = nil
    execute(process.statements)
    let touched = Set(log.map(\.piece)).sorted()
    for piece in touched {
      guard let assigned = current[piece] else { continue }
      let (signal, low, width) = place(of: piece)
      switch process.kind {
      case .combinational:
        dataflow.append(.init(signal: signal, low: low, width: width, value: assigned.value))
      case .clocked, .memoryWrite:
        dataflow.append(
          .init(
            signal: signal, low: low, width: width, guardValue: enabled(signal, assigned.guardValue),
            value: assigned.value))
      }
      current[piece] = nil
    }
    log.removeAll(keepingCapacity: true)
  }

  private mutating func enabled(_ signal: Int, _ guardValue: Value?) -> Value? {
    guard case .register(let register) = netlist.signals[signal].role, let enable = register.enable else {
      return guardValue
    }
    return guardValue.map { dataflow.and(enable.index, $0) } ?? enable.index
  }

  private func place(of piece: Int) -> (signal: Int, low: Int, width: Int) {
    let signal = owner[piece]
    let index = piece - firstPiece[signal]
    let end = index + 1 < lows[signal].count ? lows[signal][index + 1] : netlist.signals[signal].width
    return (signal, lows[signal][index], end - lows[signal][index])
  }
}

// MARK: - Statements

extension StatementResolver {
  private mutating func execute(_ statements: [Netlist.Statement]) {
    for statement in statements {
      switch statement {
      case .assign(let signal, let low, let value, _): assign(Int(signal.index), low: low, value.index)
      case .when(let condition, let then, let otherwise, _): when(condition.index, then, otherwise)
      case .match(let subject, let cases, let otherwise, _): match(subject.index, cases, otherwise)
      case .write(let memory, let address, let data, let low, _):
        dataflow.append(
          .init(memory: Int(memory.index), guardValue: path, address: address.index, data: data.index, low: low))
      }
    }
  }

  private mutating func set(_ piece: Int, _ assigned: Assigned?) {
    log.append((piece, current[piece]))
    current[piece] = assigned
  }

  private mutating func assign(_ signal: Int, low: Int, _ value: Value) {
    let end = low + dataflow.width(of: value)
    var piece = firstPiece[signal] + firstIndex(in: lows[signal], notBelow: low)
    while piece < owner.count, owner[piece] == signal {
      let (_, pieceLow, width) = place(of: piece)
      if pieceLow >= end { break }
      set(piece, Assigned(guardValue: nil, value: dataflow.slice(value, low: pieceLow - low, width: width)))
      piece += 1
    }
  }

  private func firstIndex(in sorted: [Int], notBelow low: Int) -> Int {
    var (first, last) = (0, sorted.count)
    while first < last {
      let middle = (first + last) / 2
      if sorted[middle] < low { first = middle + 1 } else { last = middle }
    }
    return first
  }

  /// Carries out one branch, where `condition` holds, and takes its assignments back.
  private mutating func branch(_ statements: [Netlist.Statement], under condition: Value?) -> Outcome {
    let outer = path
    if let condition { path = outer.map { dataflow.and($0, condition) } ?? condition }
    defer { path = outer }
    let mark = log.count
    execute(statements)
    var outcome: Outcome = [:]
    for entry in log[mark...] { outcome[entry.piece] = .some(current[entry.piece]) }
    while log.count > mark {
      let entry = log.removeLast()
      current[entry.piece] = entry.old
    }
    return outcome
  }

  private mutating func when(
    _ condition: Value, _ then: [Netlist.Statement], _ otherwise: [Netlist.Statement]
  ) {
    let yes = branch(then, under: condition)
    let no = branch(otherwise, under: Self.writesMemory(otherwise) ? dataflow.not(condition) : nil)
    for piece in Set(yes.keys).union(no.keys).sorted() {
      let (a, b) = (yes[piece] ?? current[piece], no[piece] ?? current[piece])
      set(piece, merge(condition, a, b))
    }
  }

  private mutating func merge(_ condition: Value, _ a: Assigned?, _ b: Assigned?) -> Assigned? {
    switch (a, b) {
    case (nil, nil): return nil
    case (let a?, nil):
      return Assigned(guardValue: a.guardValue.map { dataflow.and(condition, $0) } ?? condition, value: a.value)
    case (nil, let b?):
      let other = dataflow.not(condition)
      return Assigned(guardValue: b.guardValue.map { dataflow.and(other, $0) } ?? other, value: b.value)
    case (let a?, let b?):
      let value = dataflow.select(condition, a.value, b.value)
      switch (a.guardValue, b.guardValue) {
      case (nil, nil): return Assigned(guardValue: nil, value: value)
      case (nil, let guardValue?): return Assigned(guardValue: dataflow.or(condition, guardValue), value: value)
      case (let guardValue?, nil):
        return Assigned(guardValue: dataflow.or(dataflow.not(condition), guardValue), value: value)
      case (let x?, let y?): return Assigned(guardValue: dataflow.select(condition, x, y), value: value)
      }
    }
  }

  private static func writesMemory(_ statements: [Netlist.Statement]) -> Bool {
    statements.contains { statement in
      switch statement {
      case .assign: false
      case .write: true
      case .when(_, let then, let otherwise, _): writesMemory(then) || writesMemory(otherwise)
      case .match(_, let cases, let otherwise, _):
        cases.contains { writesMemory($0.body) } || writesMemory(otherwise)
      }
    }
  }
}

// MARK: - Cases

extension StatementResolver {
  /// Subjects up to this width find their case in a table, wider ones by comparisons.
  private static var widestTable: Int { 12 }

  private mutating func match(_ subject: Value, _ cases: [Netlist.MatchCase], _ otherwise: [Netlist.Statement]) {
    guard !cases.isEmpty else { return execute(otherwise) }
    let width = max(1, Int.bitWidth - cases.count.leadingZeroBitCount)
    let selector = position(of: subject, in: cases, width: width)
    var outcomes: [Outcome] = []
    for (index, body) in (cases.map(\.body) + [otherwise]).enumerated() {
      let condition =
        Self.writesMemory(body)
        ? dataflow.equal(selector, BitVector(truncating: index, width: width)) : nil
      outcomes.append(branch(body, under: condition))
    }
    for piece in Set(outcomes.flatMap(\.keys)).sorted() {
      set(piece, merge(selector, outcomes.map { $0[piece] ?? current[piece] }))
    }
  }

  /// The number of the case that holds, or that of the cases where none does.
  private mutating func position(of subject: Value, in cases: [Netlist.MatchCase], width: Int) -> Value {
    let subjectWidth = dataflow.width(of: subject)
    if subjectWidth <= Self.widestTable {
      var table = [Int32](repeating: Int32(cases.count), count: 1 << subjectWidth)
      for (index, matchCase) in cases.enumerated().reversed() {
        for pattern in matchCase.patterns { table[Int(pattern.lowWord)] = Int32(index) }
      }
      return dataflow.lookup(subject, table: table, width: width)
    }
    var result = dataflow.constant(cases.count, width: width)
    for (index, matchCase) in cases.enumerated().reversed() {
      for pattern in matchCase.patterns {
        result = dataflow.select(dataflow.equal(subject, pattern), dataflow.constant(index, width: width), result)
      }
    }
    return result
  }

  private mutating func merge(_ selector: Value, _ options: [Assigned?]) -> Assigned? {
    guard let some = options.lazy.compactMap({ $0 }).first else { return nil }
    let value = dataflow.choose(selector, options.map { $0?.value ?? some.value })
    if options.allSatisfy({ $0 != nil && $0?.guardValue == nil }) { return Assigned(guardValue: nil, value: value) }
    let (one, zero) = (dataflow.constant(1, width: 1), dataflow.constant(0, width: 1))
    let guards = options.map { option in option.map { $0.guardValue ?? one } ?? zero }
    return Assigned(guardValue: dataflow.choose(selector, guards), value: value)
  }
}
