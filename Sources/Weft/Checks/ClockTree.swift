/// Follows the clocks and resets that modules give their instances to where they come from, in a module whose children
/// are known. Clocks come from inputs and black boxes; resets that act at once come from anything but logic, which has
/// glitches.
final class ClockTree {
  typealias BitOf = BitDependencies.BitOf

  /// What a bit is another name for.
  private enum Origin {
    case clock(ClockSource)
    /// A register, what a memory reads, or a constant: nothing that has glitches.
    case steady(BitOf)
    /// Anything else.
    case logic(BitOf)
  }

  /// What an input's bit is used for, here or below, and the names that lead to the port.
  private struct Use: Hashable {
    var isClock: Bool
    var names: [String]
  }

  private let netlist: Netlist
  private let bits: BitDependencies
  private let children: [ClockTree]
  private let drives: [Netlist.InstanceID: [String: Netlist.SignalID]]

  /// Whether an instance here or below has a clock from a signal.
  let drivesClocks: Bool

  /// - Parameter children: those of all modules before this one in the design.
  init(bits: BitDependencies, children: [ClockTree]) {
    netlist = bits.netlist
    self.bits = bits
    self.children = children
    let (netlist, drives) = (bits.netlist, bits.netlist.domainDrives())
    self.drives = drives
    drivesClocks =
      netlist.instances.contains { children[$0.module].drivesClocks }
      || drives.contains { instance, ports in
        children[netlist[instance].module].netlist.domains.contains { ports[$0.domain.clock] != nil }
      }
  }

  /// Where a clock that an instance knows comes from in here.
  func source(_ source: ClockSource, of instance: Netlist.InstanceID) -> ClockSource {
    switch source {
    case .made(let name): return .made("\(netlist[instance].name).\(name)")
    case .port(let name):
      guard let signal = drives[instance]?[name] else { return source }
      return self.source(BitOf(signal: signal, bit: 0))
    case .input(let bit, _):
      guard let signal = bits.signal(at: bit.signal, of: instance) else { return source }
      return self.source(BitOf(signal: signal, bit: bit.bit))
    }
  }

  private func source(_ bit: BitOf) -> ClockSource {
    if case .clock(let source) = origin(of: bit, isClock: true) { source } else { .made(name(bit)) }
  }

  // MARK: Origins

  private func name(_ bit: BitOf) -> String { netlist.describe(bits: bit.bit..<(bit.bit + 1), of: netlist[bit.signal]) }

  /// What a bit is another name for; a reset's bit may be inverted on the way, as the level of a port asks for.
  private func origin(of bit: BitOf, isClock: Bool, behind: Set<BitOf> = []) -> Origin {
    let seen = behind.union([bit])
    if seen.count == behind.count { return .logic(bit) }
    switch netlist[bit.signal].role {
    case .input: return .clock(.input(bit, name: name(bit)))
    case .register, .memoryRead: return .steady(bit)
    case .instanceOutput(let instance, let port):
      let child = children[netlist[instance].module]
      guard child.netlist.blackBox == nil else { return .clock(.made("\(netlist[instance].name).\(port)")) }
      guard let output = child.bits.ports[port] else { return .logic(bit) }
      switch child.origin(of: BitOf(signal: output, bit: bit.bit), isClock: isClock) {
      case .steady: return .steady(bit)
      case .logic: return .logic(bit)
      case .clock(.input(let input, _)):
        guard let signal = bits.signal(at: input.signal, of: instance) else { return .logic(bit) }
        return origin(of: BitOf(signal: signal, bit: input.bit), isClock: isClock, behind: seen)
      case .clock(let source): return .clock(self.source(source, of: instance))
      }
    case .output, .wire, .instanceInput, .instanceDomain:
      let statements = bits.statements(driving: bit.signal)
      for case .assign(let target, let low, let value, _) in statements
      where target == bit.signal && bit.bit >= low && bit.bit < low + netlist.width(of: value) {
        if case .constant = netlist[value] { return .steady(bit) }
        if let next = plainBit(value, bit.bit - low, isClock) {
          return origin(of: next, isClock: isClock, behind: seen)
        }
      }
      return .logic(bit)
    }
  }

  /// The bit that a bit of an expression is, where nothing is computed.
  private func plainBit(_ node: Netlist.NodeID, _ bit: Int, _ isClock: Bool) -> BitOf? {
    switch netlist[node] {
    case .reference(let signal): return BitOf(signal: signal, bit: bit)
    case .not(let operand) where !isClock: return plainBit(operand, bit, isClock)
    case .slice(let whole, let low): return plainBit(whole, low + bit, isClock)
    case .concatenate(let parts):
      var bit = bit
      for part in parts.reversed() {
        let width = netlist.width(of: part)
        if bit < width { return plainBit(part, bit, isClock) }
        bit -= width
      }
      return nil
    default: return nil
    }
  }

  // MARK: Checks

  /// What the clocks and resets given to instances have that they must not.
  func find() -> [Diagnostic] { uses.diagnostics }

  /// What each bit of an input is used for below, and what is wrong in here.
  private lazy var uses: (inputs: [BitOf: Set<Use>], diagnostics: [Diagnostic]) = {
    var inputs: [BitOf: Set<Use>] = [:]
    var diagnostics: [Diagnostic] = []
    func follow(_ bit: BitOf, _ use: Use, at place: SourcePlace) {
      switch origin(of: bit, isClock: use.isClock) {
      case .clock(.input(let input, _)): inputs[input, default: []].insert(use)
      case .clock: break
      case .steady where !use.isClock: break
      case .steady(let end), .logic(let end):
        diagnostics.append(diagnostic(use, from: end == bit ? nil : name(end), place))
      }
    }
    for id in netlist.signalIDs {
      let signal = netlist[id]
      switch signal.role {
      case .instanceDomain(let instance, let port):
        let name = "\(netlist[instance].name).\(port)"
        let domains = children[netlist[instance].module].netlist.domains
        let isClock = domains.contains { $0.domain.clock == port }
        let resets = domains.filter { $0.usesReset && $0.domain.reset == port }
        if !isClock, resets.isEmpty { diagnostics.append(missing(port, of: instance, signal.place)) }
        let actsAtOnce = resets.contains { $0.domain.resetKind == .asynchronous }
        if isClock || actsAtOnce {
          follow(BitOf(signal: id, bit: 0), Use(isClock: isClock, names: [name]), at: signal.place)
        }
      case .instanceInput(let instance, let port):
        let child = children[netlist[instance].module]
        guard !child.uses.inputs.isEmpty, let input = child.bits.ports[port] else { continue }
        for bit in 0..<signal.width {
          let uses = child.uses.inputs[BitOf(signal: input, bit: bit)] ?? []
          for use in uses.sorted(by: { $0.names[0] < $1.names[0] }) {
            let name = "\(netlist[instance].name).\(use.names[0])"
            follow(
              BitOf(signal: id, bit: bit), Use(isClock: use.isClock, names: [name]), at: netlist[instance].place)
          }
        }
      case .input, .output, .wire, .register, .instanceOutput, .memoryRead: continue
      }
    }
    return (inputs, diagnostics + missingResets())
  }()

  private func diagnostic(_ use: Use, from origin: String?, _ place: SourcePlace) -> Diagnostic {
    let origin = origin.map { "`\($0)`" } ?? "logic"
    return use.isClock
      ? Diagnostic(
        code: .clock,
        message: "the clock `\(use.names[0])` comes from \(origin), which is computed; a clock is an input or made by "
          + "a black box, and registers that change more seldom have an `enable:`", place: place)
      : Diagnostic(
        code: .reset,
        message: "the reset `\(use.names[0])` acts at once, but comes from \(origin), which is computed and has "
          + "glitches; put a register between", place: place)
  }

  private func missing(_ port: String, of instance: Netlist.InstanceID, _ place: SourcePlace) -> Diagnostic {
    Diagnostic(
      code: .notAPort,
      message: "`\(netlist[instance].name)` has no clock or reset `\(port)`: no register or memory in it uses that",
      place: place)
  }

  /// Resets of domains whose clock is given, but not they.
  private func missingResets() -> [Diagnostic] {
    netlist.instances.indices.flatMap { index -> [Diagnostic] in
      let id = Netlist.InstanceID(index: Int32(index))
      guard let driven = drives[id] else { return [] }
      let uses = children[netlist[id].module].netlist.domains.filter { use in
        use.usesReset && driven[use.domain.clock] != nil && driven[use.domain.reset] == nil
      }
      return uses.map { use in
        Diagnostic(
          code: .unconnected,
          message: "the clock `\(use.domain.clock)` of the instance `\(netlist[id].name)` is given, but not the reset "
            + "`\(use.domain.reset)` that belongs to it", place: netlist[id].place)
      }
    }
  }
}
