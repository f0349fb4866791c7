/// Finds registers and memories that take a value which changes with another clock, in a module whose children are
/// known. A register that says whose values it `samples` may take those.
///
/// Inputs of the top module belong to no clock.
final class ClockCrossings {
  private let netlist: Netlist
  private let bits: BitDependencies
  private let tree: ClockTree
  private let children: [ClockCrossings]

  private typealias BitOf = BitDependencies.BitOf

  /// Registers and memories for which the same clocks are foreign.
  private struct Sinks: Hashable {
    var clock: ClockSource
    var sampled: ClockSource?

    func take(from other: ClockSource) -> Bool { other == clock || other == sampled }
  }

  /// Where a search for the origins of values begins.
  private struct Start {
    var bits: Set<BitOf>
    /// The names on the way from there to the sink, the sink first.
    var names: [String]
    var place: SourcePlace
  }

  /// - Parameter children: those of all modules before this one in the design.
  init(bits: BitDependencies, tree: ClockTree, children: [ClockCrossings]) {
    netlist = bits.netlist
    self.bits = bits
    self.tree = tree
    self.children = children
  }

  /// A diagnostic for each signal whose values another clock's registers take, and each such clock.
  func find() -> [Diagnostic] {
    if !tree.drivesClocks, Set(netlist.domains.map(\.domain.clock)).count < 2 { return [] }
    return captures.diagnostics
  }

  // MARK: Backwards from sinks

  /// For each bit of an input, the sinks in here and the names on the way to them, and what is wrong in here.
  private lazy var captures: (inputs: [BitOf: [Sinks: [String]]], diagnostics: [Diagnostic]) = {
    var inputs: [BitOf: [Sinks: [String]]] = [:]
    var diagnostics: [Diagnostic] = []
    for (sinks, starts) in starts() {
      var reported: [Netlist.SignalID: Set<ClockSource>] = [:]
      walk(from: starts) { bit, start, names in
        if netlist[bit.signal].role == .input { inputs[bit, default: [:]][sinks] = names.dropLast() }
        for (clock, origin) in sources(at: bit).sorted(by: { $0.key.name < $1.key.name }) {
          if sinks.take(from: clock) { continue }
          guard reported[bit.signal, default: []].insert(clock).inserted else { continue }
          let path = names + origin
          diagnostics.append(
            Diagnostic(
              code: .crossing,
              message: "`\(path[0])`, at the clock `\(sinks.clock.name)`, takes a value that changes with the clock "
                + "`\(clock.name)`: "
                + path.map { "`\($0)`" }.joined(separator: " <- ")
                + "; bring it over with a synchroniser, whose first register says `samples:`",
              place: start.place))
        }
      }
    }
    return (inputs, diagnostics)
  }()

  /// What registers, memories and children take, by the clocks that are foreign to them.
  private func starts() -> [(Sinks, [Start])] {
    var starts: [Sinks: [Start]] = [:]
    var order: [Sinks] = []
    func add(_ sinks: Sinks, _ start: Start) {
      if starts[sinks] == nil { order.append(sinks) }
      starts[sinks, default: []].append(start)
    }
    for id in netlist.signalIDs {
      let signal = netlist[id]
      switch signal.role {
      case .register(let register):
        var taken = bits.bits(of: register.enable.map { [$0] } ?? [])
        for bit in 0..<signal.width { taken.formUnion(bits.assignedBits(of: BitOf(signal: id, bit: bit))) }
        add(
          Sinks(clock: .port(register.domain.clock), sampled: (register.samples?.clock).map { .port($0) }),
          Start(bits: taken, names: [signal.name], place: signal.place))
      case .instanceInput(let instance, let port):
        let child = children[netlist[instance].module]
        guard let input = child.bits.ports[port] else { continue }
        for bit in 0..<signal.width {
          let found = child.captures.inputs[BitOf(signal: input, bit: bit)] ?? [:]
          for (sinks, names) in found.sorted(by: {
            ($0.key.clock.name, $0.value.count) < ($1.key.clock.name, $1.value.count)
          }) {
            add(
              Sinks(
                clock: tree.source(sinks.clock, of: instance),
                sampled: sinks.sampled.map { tree.source($0, of: instance) }),
              Start(
                bits: [BitOf(signal: id, bit: bit)], names: names.map { "\(netlist[instance].name).\($0)" },
                place: netlist[instance].place))
          }
        }
      case .instanceDomain(let instance, let port):
        // A reset belongs to the clock of its domain.
        for use in children[netlist[instance].module].netlist.domains where use.usesReset && use.domain.reset == port {
          add(
            Sinks(clock: tree.source(.port(use.domain.clock), of: instance)),
            Start(
              bits: [BitOf(signal: id, bit: 0)], names: ["\(netlist[instance].name).\(port)"], place: signal.place))
        }
      case .input, .output, .wire, .instanceOutput, .memoryRead: continue
      }
    }
    for memory in netlist.memories {
      for read in memory.reads where read.isSynchronous {
        let nodes = [read.address] + (read.enable.map { [$0] } ?? [])
        add(
          Sinks(clock: .port((read.domain ?? memory.domain).clock)),
          Start(bits: bits.bits(of: nodes), names: [memory.name], place: memory.place))
      }
    }
    for process in netlist.processes {
      guard case .memoryWrite(let id) = process.kind else { continue }
      let nodes = process.statements.flatMap(\.readNodes)
      add(
        Sinks(clock: .port(netlist[id].domain.clock)),
        Start(bits: bits.bits(of: nodes), names: [netlist[id].name], place: netlist[id].place))
    }
    return order.map { ($0, starts[$0] ?? []) }
  }

  /// Visits each bit that the starts depend on without a clock edge between, once, with the names from the sink to it.
  private func walk(from starts: [Start], visit: (BitOf, Start, [String]) -> Void) {
    var parents: [BitOf: BitOf?] = [:]
    for start in starts {
      var queue: [BitOf] = []
      for bit in start.bits.sorted() where parents[bit] == nil {
        parents[bit] = .some(nil)
        queue.append(bit)
      }
      var position = 0
      while position < queue.count {
        let bit = queue[position]
        position += 1
        var way: [BitOf] = [bit]
        while let parent = parents[way[way.count - 1]] ?? nil { way.append(parent) }
        visit(bit, start, start.names + names(of: way.reversed()))
        for next in bits.dependencies(of: bit).sorted() where parents[next] == nil {
          parents[next] = bit
          queue.append(next)
        }
      }
    }
  }

  /// Names for bits that follow one another, those at a child's port as `child.port`.
  private func names(of way: [BitOf]) -> [String] {
    way.map { bit in
      let signal = netlist[bit.signal]
      switch signal.role {
      case .instanceInput(let instance, let port), .instanceOutput(let instance, let port):
        var atChild = signal
        atChild.name = "\(netlist[instance].name).\(port)"
        return netlist.describe(bits: bit.bit..<(bit.bit + 1), of: atChild)
      default: return netlist.describe(bits: bit.bit..<(bit.bit + 1), of: signal)
      }
    }
  }

  // MARK: Sources

  /// The clocks with which a bit changes at once, and the names from behind it to the registers there.
  private func sources(at bit: BitOf) -> [ClockSource: [String]] {
    switch netlist[bit.signal].role {
    case .register(let register): return [.port(register.domain.clock): []]
    case .memoryRead(let memory):
      let domain = netlist[memory].reads.first { $0.data == bit.signal }?.domain ?? netlist[memory].domain
      return [.port(domain.clock): []]
    case .instanceOutput(let instance, let port):
      let launches = children[netlist[instance].module].launches(port, bit.bit).map { clock, names in
        (tree.source(clock, of: instance), names.map { "\(netlist[instance].name).\($0)" })
      }
      return Dictionary(launches) { $0.count <= $1.count ? $0 : $1 }
    case .input, .output, .wire, .instanceInput, .instanceDomain: return [:]
    }
  }

  private var knownLaunches: [BitOf: [ClockSource: [String]]] = [:]

  /// The clocks with which a bit of an output changes, and the names on the way to a register of each.
  private func launches(_ port: String, _ bit: Int) -> [ClockSource: [String]] {
    guard let output = bits.ports[port] else { return [:] }
    let start = BitOf(signal: output, bit: bit)
    if let known = knownLaunches[start] { return known }
    var launches: [ClockSource: [String]] = [:]
    walk(from: [Start(bits: [start], names: [], place: netlist[output].place)]) { bit, _, names in
      for (clock, origin) in sources(at: bit) where launches[clock] == nil {
        launches[clock] = Array((names + origin).dropFirst())
      }
    }
    knownLaunches[start] = launches
    return launches
  }
}

extension Netlist.Statement {
  /// The conditions, addresses and values that a statement and those inside it read.
  fileprivate var readNodes: [Netlist.NodeID] {
    switch self {
    case .assign(_, _, let value, _): [value]
    case .when(let condition, let then, let otherwise, _): [condition] + (then + otherwise).flatMap(\.readNodes)
    case .match(let subject, let cases, let otherwise, _):
      [subject] + (cases.flatMap(\.body) + otherwise).flatMap(\.readNodes)
    case .write(_, let address, let data, _, _): [address, data]
    }
  }
}
