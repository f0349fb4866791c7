import Weft
import WeftSimulation

/// Dissolves a design's hierarchy into a ``TransitionSystem``.
///
/// Values are made on demand, and only the bits that are asked for, so that logic which runs through one vector from
/// bit to bit is no loop.
struct SystemBuilder {
  private let flat: FlatDesign
  private let resets: ResetBehaviour
  private var builder = NetlistBuilder(name: "")
  private var system = TransitionSystem(netlist: Netlist(name: ""))
  /// The leaf that a root signal is, if it is an input, state or a memory's word.
  private var leaves: [Netlist.SignalID?]
  /// The combinational pieces of each root signal.
  private var pieces: [FlatDesign.SignalIndex: [(scope: Int, driver: ModuleDataflow.Driver)]] = [:]
  private var known: [Bits: Netlist.NodeID] = [:]
  private var open: Set<Bits> = []
  /// One where a domain's registers change at a step.
  private var ticks: [Domain: Netlist.NodeID] = [:]
  private var anyTick: Netlist.NodeID
  /// One where a domain's reset is active, and where any is; none while resets stay inactive.
  private var activeResets: [Domain: Netlist.NodeID] = [:]
  private var anyReset: Netlist.NodeID?
  /// The registers that a reset sets at once: when, and to what.
  private var forced: [Netlist.SignalID: (active: Netlist.NodeID, value: Netlist.NodeID)] = [:]

  /// Bits of a value of an instance.
  private struct Bits: Hashable {
    var scope: Int
    var value: ModuleDataflow.Value
    var low: Int
    var width: Int
  }

  /// The machine that a design is.
  ///
  /// - Throws: ``FormalError`` for logic that feeds itself.
  static func system(of design: Design, resets: ResetBehaviour) throws -> TransitionSystem {
    var builder = SystemBuilder(FlatDesign(design), resets)
    try builder.build()
    return builder.system
  }

  private init(_ flat: FlatDesign, _ resets: ResetBehaviour) {
    self.flat = flat
    self.resets = resets
    leaves = Array(repeating: nil, count: flat.widths.count)
    anyTick = builder.constant(BitVector(ones: 1))
  }

  private mutating func build() throws {
    try checkDomains()
    addClocks()
    declareLeaves()
    if resets == .anyTime { addResets() }
    for scope in flat.scopes.indices {
      for (index, driver) in dataflow(scope).drivers.enumerated() where !flat.isAlias[scope][index] {
        pieces[flat.root(driver.signal, in: scope), default: []].append((scope, driver))
      }
    }
    for scope in flat.scopes.indices {
      try addRegisters(scope)
      try addMemories(scope)
      try addClaims(scope)
    }
    if !system.clocks.isEmpty {
      let resets = activeResets.filter { $0.key.resetKind == .asynchronous }.values.sorted { $0.index < $1.index }
      system.isStep = resets.reduce(anyTick) { builder.bitwise(.or, $0, $1) }
    }
    system.netlist = builder.netlist
  }

  private func dataflow(_ scope: Int) -> ModuleDataflow { flat.dataflows[flat.scopes[scope].module] }
  private func module(_ scope: Int) -> Netlist { flat.design.modules[flat.scopes[scope].module] }

  /// The hierarchical name of something in an instance.
  private func path(_ name: String, in scope: Int) -> String {
    guard let parent = flat.scopes[scope].parent else { return name }
    return path("\(flat.scopes[scope].name).\(name)", in: parent)
  }

  private mutating func leaf(
    _ name: String, _ width: Int, _ role: Netlist.Signal.Role, _ format: Netlist.Format = .bits
  ) -> Netlist.SignalID {
    builder.add(
      Netlist.Signal(name: name, width: width, role: role, format: format, place: SourcePlace(file: "", line: 0)))
  }
}

// MARK: - Clocks

extension SystemBuilder {
  /// Refuses clocks and asynchronous resets from signals, whose edges are at no step.
  private func checkDomains() throws {
    for scope in flat.scopes.indices {
      for use in module(scope).domains {
        let placed = flat.domain(use.domain, in: scope)
        let port: String
        if placed.clock != nil {
          port = use.domain.clock
        } else if use.usesReset, placed.reset != nil, use.domain.resetKind == .asynchronous {
          port = use.domain.reset
        } else {
          continue
        }
        throw FormalError(
          "`\(path(port, in: scope))` of \(flat.design.top.summary) is given a signal, but a proof knows the edges of "
            + "ports alone; prove the module of that instance by itself, or give it a synchronous reset")
      }
    }
  }

  private mutating func addClocks() {
    let domains = flat.design.top.domains.map(\.domain)
    var edges: [String: Set<Domain.Edge>] = [:]
    for domain in domains { edges[domain.clock, default: []].insert(domain.edge) }
    if edges.count == 1, edges.values.first?.count == 1 { return }
    var moves: [Netlist.NodeID] = []
    for domain in domains where ticks[domain] == nil {
      let name = domain.clock
      let clock: TransitionSystem.Clock
      if let known = system.clocks.first(where: { $0.name == name }) {
        clock = known
      } else {
        clock = TransitionSystem.Clock(name: name, signal: leaf(name, 1, .input), edges: edges[name] ?? [])
        system.clocks.append(clock)
      }
      let move = builder.reference(clock.signal)
      moves.append(move)
      ticks[domain] = clock.edges.count == 1 ? move : edge(domain.edge, of: clock, move)
    }
    if !moves.isEmpty { anyTick = moves.dropFirst().reduce(moves[0]) { builder.bitwise(.or, $0, $1) } }
  }

  /// Whether a clock both of whose edges act makes this one; its level is state.
  private mutating func edge(_ edge: Domain.Edge, of clock: TransitionSystem.Clock, _ move: Netlist.NodeID)
    -> Netlist.NodeID
  {
    let name = "\(clock.name).level"
    let signal: Netlist.SignalID
    if let known = system.states.first(where: { $0.path == name }) {
      signal = known.signal
    } else {
      let zero = BitVector(zero: 1)
      signal = leaf(name, 1, .register(Netlist.Register(initialValue: zero)))
      let next = builder.bitwise(.xor, builder.reference(signal), move)
      system.states.append(.init(path: name, signal: signal, initial: zero, next: next, isNamed: false))
    }
    let level = builder.reference(signal)
    return builder.bitwise(.and, move, edge == .rising ? builder.not(level) : level)
  }

  /// One where a domain's edge comes; a design with one clock does nothing else.
  private mutating func tick(_ domain: Domain) -> Netlist.NodeID {
    ticks[domain] ?? builder.constant(BitVector(ones: 1))
  }
}

// MARK: - Resets

extension SystemBuilder {
  private mutating func addResets() {
    for use in flat.design.top.domains where use.usesReset {
      let (name, isHigh) = (use.domain.reset, use.domain.isResetActiveHigh)
      let signal: Netlist.SignalID
      if let known = system.inputs.first(where: { $0.port == name }) {
        signal = known.signal
      } else {
        signal = leaf(name, 1, .input, .bit)
        system.inputs.append(
          .init(port: name, signal: signal, idle: isHigh ? BitVector(zero: 1) : BitVector(ones: 1)))
      }
      let level = builder.reference(signal)
      let active = isHigh ? level : builder.not(level)
      activeResets[use.domain] = active
      anyReset = anyReset.map { builder.bitwise(.or, $0, active) } ?? active
    }
    for scope in flat.scopes.indices {
      for (index, signal) in module(scope).signals.enumerated() {
        guard case .register(let register) = signal.role, register.domain.resetKind == .asynchronous,
          let active = activeResets[register.domain], let value = register.resetValue,
          let leaf = leaves[flat.root(index, in: scope)]
        else { continue }
        forced[leaf] = (active, builder.constant(value))
      }
    }
  }

  /// What a leaf gives at a step: its state, unless a reset sets it at once.
  private mutating func current(_ leaf: Netlist.SignalID) -> Netlist.NodeID {
    let state = builder.reference(leaf)
    return forced[leaf].map { builder.select($0.active, $0.value, state) } ?? state
  }

  /// One where the reset of an instance's domain is active; `nil` for one that stays inactive.
  private mutating func activeReset(_ domain: Domain, in scope: Int) throws -> Netlist.NodeID? {
    guard let root = flat.domain(domain, in: scope).reset else { return activeResets[domain] }
    let level = try signalBits(root, low: 0, width: 1)
    return domain.isResetActiveHigh ? level : builder.not(level)
  }

  /// One where a reset is active under which a property of an instance claims nothing.
  private mutating func activeReset(of property: Netlist.Property, in scope: Int) throws -> Netlist.NodeID? {
    if let domain = property.domain { return try activeReset(domain, in: scope) }
    let own = try module(scope).domains.compactMap { try activeReset($0.domain, in: scope) }
    return (own + (anyReset.map { [$0] } ?? [])).reduce(nil as Netlist.NodeID?) { sum, one in
      sum.map { builder.bitwise(.or, $0, one) } ?? one
    }
  }

  /// A register's next value, under its domain's clock and reset.
  private mutating func next(
    _ register: Netlist.Register, in scope: Int, updated: Netlist.NodeID, current: Netlist.NodeID
  ) throws -> Netlist.NodeID {
    var updated = updated
    if let active = try activeReset(register.domain, in: scope), let value = register.resetValue {
      updated = builder.select(active, builder.constant(value), updated)
    }
    return builder.select(tick(register.domain), updated, current)
  }
}

// MARK: - What the machine consists of

extension SystemBuilder {
  private mutating func declareLeaves() {
    for scope in flat.scopes.indices {
      let module = module(scope)
      for (index, signal) in module.signals.enumerated() {
        let root = flat.root(index, in: scope)
        let name = path(signal.name, in: scope)
        switch signal.role {
        case .input where scope == 0:
          leaves[root] = leaf(name, signal.width, .input, signal.format)
          if let leaf = leaves[root] {
            system.inputs.append(.init(port: signal.name, signal: leaf, idle: BitVector(zero: signal.width)))
          }
        case .register(let register):
          leaves[root] = leaf(name, signal.width, .register(register), signal.format)
        case .memoryRead: leaves[root] = leaf(name, signal.width, signal.role, signal.format)
        case .input, .output, .wire, .instanceInput, .instanceOutput, .instanceDomain: break
        }
      }
    }
  }

  private mutating func addRegisters(_ scope: Int) throws {
    var updates: [Int: [ModuleDataflow.Update]] = [:]
    for update in dataflow(scope).updates { updates[update.signal, default: []].append(update) }
    for (index, signal) in module(scope).signals.enumerated() {
      guard case .register(let register) = signal.role, let leaf = leaves[flat.root(index, in: scope)] else { continue }
      let current = current(leaf)
      var parts: [Netlist.NodeID] = []
      var low = 0
      for update in (updates[index] ?? []).sorted(by: { $0.low < $1.low }) {
        if update.low > low { parts.append(builder.slice(current, low: low, width: update.low - low)) }
        let old = builder.slice(current, low: update.low, width: update.width)
        let condition = try update.guardValue.map { try value($0, scope) }
        let new = try value(update.value, scope)
        parts.append(condition.map { builder.select($0, new, old) } ?? new)
        low = update.low + update.width
      }
      if low < signal.width { parts.append(builder.slice(current, low: low, width: signal.width - low)) }
      let next = try next(register, in: scope, updated: builder.concatenate(parts.reversed()), current: current)
      system.states.append(
        .init(path: path(signal.name, in: scope), signal: leaf, initial: register.initialValue, next: next))
    }
  }

  private mutating func addMemories(_ scope: Int) throws {
    for (index, memory) in module(scope).memories.enumerated() {
      var result = TransitionSystem.Memory(
        path: path(memory.name, in: scope), width: memory.width, depth: memory.depth, contents: memory.contents)
      for read in memory.reads {
        guard let data = leaves[flat.root(Int(read.data.index), in: scope)] else { continue }
        let address = try value(read.address.index, scope)
        if read.isSynchronous {
          let name = path(module(scope).signals[Int(read.data.index)].name, in: scope)
          let word = leaf("\(name).word", memory.width, .memoryRead(Netlist.MemoryID(index: Int32(index))))
          result.words.append(.init(signal: word, address: address))
          var enable = tick(read.domain ?? memory.domain)
          if let condition = read.enable { enable = builder.bitwise(.and, enable, try value(condition.index, scope)) }
          let next = builder.select(enable, builder.reference(word), builder.reference(data))
          system.states.append(
            .init(path: name, signal: data, initial: BitVector(zero: memory.width), next: next))
        } else {
          result.words.append(.init(signal: data, address: address))
        }
      }
      for write in dataflow(scope).writes where write.memory == index {
        var condition = tick(memory.domain)
        if let guardValue = write.guardValue {
          condition = builder.bitwise(.and, condition, try value(guardValue, scope))
        }
        result.writes.append(
          .init(
            condition: condition, address: try value(write.address, scope), data: try value(write.data, scope),
            low: write.low))
      }
      system.memories.append(result)
    }
  }

  private mutating func addClaims(_ scope: Int) throws {
    for property in module(scope).properties {
      let condition = try value(property.condition.index, scope)
      var isChecked = property.domain.map { tick($0) } ?? anyTick
      if let active = try activeReset(of: property, in: scope) {
        isChecked = builder.bitwise(.and, isChecked, builder.not(active))
      }
      let holds =
        property.kind == .cover
        ? builder.bitwise(.and, isChecked, condition) : builder.bitwise(.or, builder.not(isChecked), condition)
      let parent = flat.scopes[scope].parent.map { path(flat.scopes[scope].name, in: $0) } ?? ""
      system.claims.append(.init(property: PlacedProperty(property, path: parent), holds: holds))
    }
  }
}

// MARK: - Values

extension SystemBuilder {
  /// All bits of a value.
  private mutating func value(_ value: ModuleDataflow.Value, _ scope: Int) throws -> Netlist.NodeID {
    try bits(Bits(scope: scope, value: value, low: 0, width: dataflow(scope).width(of: value)))
  }

  private mutating func bits(_ bits: Bits) throws -> Netlist.NodeID {
    if let result = known[bits] { return result }
    guard open.insert(bits).inserted else {
      throw FormalError(
        "\(flat.design.top.summary) has logic in `\(path("", in: bits.scope).dropLast())` that feeds itself as a whole, "
          + "if not bit by bit; a proof needs the bits in signals of their own")
    }
    defer { open.remove(bits) }
    let result =
      bits.width < dataflow(bits.scope).width(of: bits.value) ? try part(bits) : try whole(bits.value, bits.scope)
    known[bits] = result
    return result
  }

  /// Some bits of a value, from nothing but what they depend on where that is plain.
  private mutating func part(_ bits: Bits) throws -> Netlist.NodeID {
    let (scope, low, width) = (bits.scope, bits.low, bits.width)
    func same(_ value: ModuleDataflow.Value) -> Bits { Bits(scope: scope, value: value, low: low, width: width) }
    switch dataflow(scope).operation(of: bits.value) {
    case .reference(let signal): return try signalBits(flat.root(signal, in: scope), low: low, width: width)
    case .slice(let inner, let offset):
      return try self.bits(Bits(scope: scope, value: inner, low: offset + low, width: width))
    case .concatenate(let operands):
      var parts: [Netlist.NodeID] = []
      var base = 0
      for operand in operands.reversed() {
        let end = base + dataflow(scope).width(of: operand)
        let (first, last) = (max(low, base), min(low + width, end))
        if first < last {
          parts.append(
            try self.bits(Bits(scope: scope, value: operand, low: first - base, width: last - first)))
        }
        base = end
      }
      return builder.concatenate(parts.reversed())
    case .extend(let inner, _) where low + width <= dataflow(scope).width(of: inner): return try self.bits(same(inner))
    case .bitwise(let operation, let a, let b):
      return builder.bitwise(operation, try self.bits(same(a)), try self.bits(same(b)))
    case .not(let a): return builder.not(try self.bits(same(a)))
    case .select(let condition, let a, let b):
      return builder.select(try value(condition, scope), try self.bits(same(a)), try self.bits(same(b)))
    case .choose(let selector, let options):
      return try choice(selector, scope, try options.map { try self.bits(same($0)) })
    default: return builder.slice(try value(bits.value, scope), low: low, width: width)
    }
  }

  private mutating func whole(_ value: ModuleDataflow.Value, _ scope: Int) throws -> Netlist.NodeID {
    let width = dataflow(scope).width(of: value)
    switch dataflow(scope).operation(of: value) {
    case .constant(let constant): return builder.constant(constant)
    case .reference(let signal): return try signalBits(flat.root(signal, in: scope), low: 0, width: width)
    case .add(let a, let b): return builder.add(try self.value(a, scope), try self.value(b, scope))
    case .subtract(let a, let b): return builder.subtract(try self.value(a, scope), try self.value(b, scope))
    case .multiply(let a, let b, let signed):
      return builder.multiply(try self.value(a, scope), try self.value(b, scope), signed: signed)
    case .bitwise(let operation, let a, let b):
      return builder.bitwise(operation, try self.value(a, scope), try self.value(b, scope))
    case .not(let a): return builder.not(try self.value(a, scope))
    case .compare(let comparison, let a, let b):
      return builder.compare(comparison, try self.value(a, scope), try self.value(b, scope))
    case .reduce(let operation, let a): return builder.reduce(operation, try self.value(a, scope))
    case .shift(let direction, let a, let amount):
      return builder.shift(direction, try self.value(a, scope), by: try self.value(amount, scope))
    case .select(let condition, let a, let b):
      return builder.select(try self.value(condition, scope), try self.value(a, scope), try self.value(b, scope))
    case .element(let vector, let index):
      return builder.element(try self.value(vector, scope), index: try self.value(index, scope), width: width)
    case .slice(let a, let low): return try bits(Bits(scope: scope, value: a, low: low, width: width))
    case .concatenate(let parts): return builder.concatenate(try parts.map { try self.value($0, scope) })
    case .extend(let a, let signed): return builder.extend(try self.value(a, scope), to: width, signed: signed)
    case .lookup(let subject, let table):
      let results = table.indices.map { builder.constant(BitVector(truncating: Int(table[$0]), width: width)) }
      return builder.element(
        builder.concatenate(results.reversed()), index: try self.value(subject, scope), width: width)
    case .choose(let selector, let options):
      return try choice(selector, scope, try options.map { try self.value($0, scope) })
    }
  }

  /// The option that a selector names; the last one's where none is named.
  private mutating func choice(_ selector: ModuleDataflow.Value, _ scope: Int, _ options: [Netlist.NodeID]) throws
    -> Netlist.NodeID
  {
    var result = options[options.count - 1]
    for index in options.indices.dropLast().reversed() {
      result = builder.select(try isSelected(index, by: selector, scope), options[index], result)
    }
    return result
  }

  private mutating func isSelected(_ option: Int, by selector: ModuleDataflow.Value, _ scope: Int) throws
    -> Netlist.NodeID
  {
    if case .lookup(let subject, let table) = dataflow(scope).operation(of: selector) {
      let subject = try value(subject, scope)
      var result = builder.constant(BitVector(zero: 1))
      for code in table.indices where table[code] == Int32(option) {
        let pattern = builder.constant(BitVector(truncating: code, width: builder.width(of: subject)))
        result = builder.bitwise(.or, result, builder.compare(.equal, subject, pattern))
      }
      return result
    }
    let subject = try value(selector, scope)
    return builder.compare(
      .equal, subject, builder.constant(BitVector(truncating: option, width: builder.width(of: subject))))
  }

  /// Bits of a root signal; what nothing drives is zero.
  private mutating func signalBits(_ root: FlatDesign.SignalIndex, low: Int, width: Int) throws -> Netlist.NodeID {
    if let leaf = leaves[root] { return builder.slice(current(leaf), low: low, width: width) }
    var parts: [Netlist.NodeID] = []
    var next = low
    for (scope, driver) in (pieces[root] ?? []).sorted(by: { $0.driver.low < $1.driver.low }) {
      let (first, last) = (max(low, driver.low), min(low + width, driver.low + driver.width))
      guard first < last else { continue }
      if first > next { parts.append(builder.constant(BitVector(zero: first - next))) }
      parts.append(
        try bits(Bits(scope: scope, value: driver.value, low: first - driver.low, width: last - first)))
      next = last
    }
    if next < low + width { parts.append(builder.constant(BitVector(zero: low + width - next))) }
    return builder.concatenate(parts.reversed())
  }
}
