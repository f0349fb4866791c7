import Weft

/// What a design's top module looks like to the tools around it: its ports, and which of them are buses, clocks, resets
/// and interrupts.
public struct BlockInterface: Hashable, Sendable {
  /// The name of the top module.
  public var name: String
  /// Its ports: clocks and resets first, in the order of the port list.
  public var ports: [BlockPort]
  /// Its buses.
  public var buses: [BusInterface]
  /// The clock that all buses follow, and its reset.
  public var domain: Domain?
  /// Whether there is a port for the reset.
  public var hasReset: Bool
  /// Outputs of one bit that are called `interrupt` or `irq`, or end so.
  public var interrupts: [BlockPort]

  /// The interface of a design.
  ///
  /// - Throws: `BoardError` where the top module has several clocks, since it cannot be told which bus follows which.
  public init(_ design: Design) throws(BoardError) {
    let top = design.top
    let domains = Set(top.domains.map(\.domain.clock))
    guard domains.count <= 1 else {
      throw BoardError(
        "'\(top.name)' has the clocks \(domains.sorted().joined(separator: ", ")), but a block that is exported has "
          + "one for all its buses; put the other clocks behind crossings, outside of it")
    }
    name = top.name
    var signals: [BlockPort] = []
    for signal in top.signals where signal.role == .input || signal.role == .output {
      signals.append(BlockPort(name: signal.name, width: signal.width, isInput: signal.role == .input))
    }
    buses = BusInterface.inferred(from: signals)
    domain = top.domains.first?.domain
    hasReset = top.domains.contains(where: \.usesReset)
    var ports: [BlockPort] = []
    if let domain {
      ports.append(BlockPort(name: domain.clock, width: 1, isInput: true))
      if hasReset { ports.append(BlockPort(name: domain.reset, width: 1, isInput: true)) }
    }
    self.ports = ports + signals
    interrupts = signals.filter(\.isInterrupt)
  }

  /// The ports that are part of no bus, and neither clock nor reset nor interrupt.
  public var loosePorts: [BlockPort] {
    let bound = Set(buses.flatMap { $0.signals.map(\.port) } + interrupts)
    let own = domain.map { [$0.clock, $0.reset] } ?? []
    return ports.filter { !bound.contains($0) && !own.contains($0.name) }
  }

  /// The bus of a name.
  public func bus(named name: String) -> BusInterface? { buses.first { $0.name == name } }
  /// The bus through which registers are reached: the first AXI4-Lite bus that the block answers on.
  public var control: BusInterface? { buses.first { $0.kind == .axi4Lite && $0.role == .subordinate } }
  /// The buses through which the block reaches memory.
  public var memories: [BusInterface] { buses.filter { $0.kind == .axi4 && $0.role == .manager } }
}
