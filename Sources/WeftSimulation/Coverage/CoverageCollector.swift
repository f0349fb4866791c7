import Weft

/// Counts what a run reaches, just before each active clock edge: the values that the registers then take. In a design
/// without a clock it counts at each step.
final class CoverageCollector: SimulationObserver {
  private struct Point {
    var key: Int
    var condition: SignalBits?
    var domain: Int?
    var restsInReset: Bool
  }

  private struct Moving {
    var path: String
    var bits: SignalBits
    var previous: BitVector?
    var rose: BitVector
    var fell: BitVector

    mutating func look() {
      let value = bits.value
      defer { previous = value }
      guard let previous, previous != value else { return }
      rose = rose.combined(with: value.combined(with: previous.inverted, .and), .or)
      fell = fell.combined(with: previous.combined(with: value.inverted, .and), .or)
    }
  }

  private struct Machine {
    var path: String
    var bits: SignalBits
    var domain: Int
    var hasReset: Bool
    var names: [BitVector: String]
    /// The state before the last edge of its domain, unless a reset was active at it.
    var previous: String?
    var states: Coverage.States

    mutating func look(isReset: Bool) {
      guard let state = names[bits.value] else {
        previous = nil
        return
      }
      states.visits[state, default: 0] += 1
      if let previous, previous != state { states.transitions[.init(from: previous, to: state), default: 0] += 1 }
      previous = isReset ? nil : state
    }
  }

  private struct DomainState {
    var domain: Domain
    var reset: SignalBits?
    /// Whether the reset is active.
    var isReset: Bool { reset.map { $0.isOne == domain.isResetActiveHigh } ?? false }
  }

  private let domains: [DomainState]
  private var keys: [Coverage.PointKey] = []
  private var counts: [Int] = []
  private var points: [Point] = []
  private var moving: [Moving] = []
  private var machines: [Machine] = []

  /// A collector for a running design.
  ///
  /// - Parameter points: The points of each module, where statements are counted; the design has their wires.
  init(_ engine: any SimulationEngine, _ kinds: CoverageKinds, points: [[CoveragePoint]]) {
    domains = engine.design.top.domains.map { use in
      let reset = use.usesReset ? engine.storage(ofPort: use.domain.reset) : nil
      return DomainState(domain: use.domain, reset: reset.map { SignalBits($0) })
    }
    var firstKeys: [Int] = []
    for module in points {
      firstKeys.append(keys.count)
      keys += module.map(\.key)
    }
    counts = [Int](repeating: 0, count: keys.count)
    add(engine.design.modules.count - 1, path: "", engine, kinds, points, firstKeys)
  }

  /// Adds what an instance of a module has to count.
  private func add(
    _ index: Int, path: String, _ engine: any SimulationEngine, _ kinds: CoverageKinds, _ points: [[CoveragePoint]],
    _ firstKeys: [Int]
  ) {
    let module = engine.design.modules[index]
    let bits = { (id: Netlist.SignalID) in engine.storage(ofSignal: path + module[id].name).map { SignalBits($0) } }
    var wires: Set<Netlist.SignalID> = []
    if index < points.count {
      for (number, point) in points[index].enumerated() {
        let condition = point.condition.flatMap(bits)
        if let wire = point.condition { wires.insert(wire) }
        guard point.condition == nil || condition != nil else { continue }
        let domain = point.domain.flatMap { domain in domains.firstIndex { $0.domain == domain } }
        self.points.append(
          Point(key: firstKeys[index] + number, condition: condition, domain: domain, restsInReset: point.restsInReset))
      }
    }
    for id in module.signalIDs where !module[id].isConnection {
      let signal = module[id]
      if kinds.contains(.toggles), !wires.contains(id) || signal.role != .wire, let bits = bits(id) {
        let zero = BitVector(zero: signal.width)
        moving.append(Moving(path: name(path, signal, engine), bits: bits, rose: zero, fell: zero))
      }
      if kinds.contains(.states) { addMachine(id, of: module, path: name(path, signal, engine), bits(id)) }
    }
    for instance in module.instances {
      add(instance.module, path: "\(path)\(instance.name).", engine, kinds, points, firstKeys)
    }
  }

  /// The name of a signal with that of the top module before it, so that coverage of several designs merges.
  private func name(_ path: String, _ signal: Netlist.Signal, _ engine: any SimulationEngine) -> String {
    "\(engine.design.top.name).\(path)\(signal.name)"
  }

  private func addMachine(_ id: Netlist.SignalID, of module: Netlist, path: String, _ bits: SignalBits?) {
    guard let bits, case .register(let register) = module[id].role,
      case .enumeration(_, let cases) = module[id].format,
      let domain = domains.firstIndex(where: { $0.domain == register.domain })
    else { return }
    var states = Coverage.States()
    for state in cases { states.visits[state.name] = 0 }
    for transition in StateGraph(of: id, cases: cases, in: module).transitions { states.transitions[transition] = 0 }
    machines.append(
      Machine(
        path: path, bits: bits, domain: domain, hasReset: register.resetValue != nil,
        names: Dictionary(cases.map { ($0.code, $0.name) }) { first, _ in first }, states: states))
  }
}

// MARK: - Counting

extension CoverageCollector {
  func observe(at time: Time, before edges: [ClockEdge]) {
    let acting = domains.map { state in
      edges.contains { $0.clock == state.domain.clock && $0.isRising == (state.domain.edge == .rising) }
    }
    guard domains.isEmpty || acting.contains(true) else { return }
    let isReset = domains.map(\.isReset)
    for point in points {
      if let domain = point.domain, !acting[domain] || (point.restsInReset && isReset[domain]) { continue }
      if point.condition?.isOne ?? true { counts[point.key] += 1 }
    }
    for index in moving.indices { moving[index].look() }
    for index in machines.indices where acting[machines[index].domain] {
      machines[index].look(isReset: machines[index].hasReset && isReset[machines[index].domain])
    }
  }

  /// What was reached so far.
  var coverage: Coverage {
    var coverage = Coverage()
    for (key, count) in zip(keys, counts) { coverage.points[key] = count }
    for signal in moving { coverage.toggles[signal.path] = .init(rose: signal.rose, fell: signal.fell) }
    for machine in machines { coverage.states[machine.path] = machine.states }
    return coverage
  }
}
