import Weft

/// A design that runs: its inputs can be written, its clock advanced and everything it computes read.
///
/// An engine is used from one thread at a time; any number of engines run in parallel. All inputs start at zero, all
/// resets inactive, and registers, memories and synchronous read ports at their initial values.
///
/// Reading and writing go through ``SignalStorage``, which keeps account of what is out of date: a write marks the
/// design stale, and a read first settles the combinational logic where it has to. So a value that is read always
/// belongs to the inputs as they stand.
public protocol SimulationEngine: AnyObject {
  /// The design that runs.
  var design: Design { get }

  /// The clocks and the time that has passed.
  var timeline: Timeline { get }

  /// What watches the design's properties at clock edges; `nil` where it has none.
  var monitor: PropertyMonitor? { get }

  /// Where a port of the top module lies: an input or output, or a domain's clock or reset. `nil` where the top module
  /// has no such port.
  func storage(ofPort name: String) -> SignalStorage?

  /// Whether internal signals and memories can be read and written by name.
  var keepsInternals: Bool { get }

  /// Where any signal lies, by its hierarchical name: `"signal"` in the top module, `"instance.signal"` below. `nil`
  /// where there is no such signal, or where this engine keeps no internal signals.
  func storage(ofSignal path: String) -> SignalStorage?

  /// Settles the combinational logic after inputs changed. Where a clock port was written, the registers of its domains
  /// change at their edge; asynchronous resets act.
  func evaluate()

  /// Brings up to date what a signal with these flags in its storage depends on; ``evaluate()`` does that and more.
  func settle(_ flags: Staleness)

  /// Lets clocks change, all at once, and settles what follows from that.
  func drive(_ edges: [ClockEdge])

  /// Runs for so many periods of the main clock: each settles the logic, then lets the clock rise and fall. Other
  /// clocks that tick do so at their times.
  ///
  /// The main clock is that of `Domain.main` where the design uses it, otherwise of the top module's first domain; its
  /// period is 10 ns unless it was given another. A design without any clock only settles.
  func step(_ cycles: Int)

  /// The word of a memory at `address`, by the memory's hierarchical name; `nil` where the design has no such memory,
  /// the memory no such word, or the engine keeps no internals.
  func readMemory(_ path: String, at address: Int) -> BitVector?

  /// Changes the word of a memory at `address`. Returns whether there is such a word.
  @discardableResult
  func writeMemory(_ path: String, at address: Int, _ value: BitVector) -> Bool

  /// Notes that registers were written through their storage, so that all logic follows.
  func noteStateChange()

  /// Begins to record every signal in a wave file, whose kind is the file name's extension: `.vcd`, or `.fst` where the
  /// engine can. Throws ``SimulationError``.
  func startTrace(to path: String) throws

  /// Ends the recording and completes its file.
  func stopTrace() throws
}

extension SimulationEngine {
  /// The number of cycles of the main clock that have passed: how often it has risen.
  public var cycle: Int { timeline.cycle }

  /// The simulated time since the start.
  public var time: Time { timeline.time }

  /// Lets a domain's clock tick by itself as time passes.
  ///
  /// Clocks start low. This one rises at `phase` after the start of the simulation, falls half a period later, and so
  /// on. Without a declaration the main clock has a period of 10 ns, and every other one stands still.
  ///
  /// - Parameters:
  ///   - period: From rise to rise.
  ///   - phase: When the clock first rises, counted from the start; half a period unless given. Above zero.
  public func clock(_ domain: Domain, period: Time, phase: Time? = nil) {
    precondition(
      design.top.clockPorts.contains(domain.clock),
      "\(design.top.summary) has no clock `\(domain.clock)`; its body uses no register or memory of that domain")
    timeline.setClock(domain.clock, period: period, phase: phase)
  }

  /// Lets time pass: carries out all clock edges after the present, up to and including those at the end, in the order
  /// of their times; those at the same time act at once. What was written to inputs acts before the first of them.
  public func run(for duration: Time) { timeline.run(for: duration, self) }

  /// Runs for so many periods of a domain's clock, which has to tick.
  public func step(_ cycles: Int, of domain: Domain) {
    guard let period = timeline.period(of: domain.clock) else {
      preconditionFailure(
        "the clock `\(domain.clock)` of \(design.top.summary) does not tick; give it a period with `clock`")
    }
    run(for: period * cycles)
  }

  /// No properties are watched.
  public var monitor: PropertyMonitor? { nil }

  /// Settles all logic.
  public func settle(_ flags: Staleness) { evaluate() }

  /// Runs one cycle of the main clock.
  @inlinable
  public func step() { step(1) }

  /// The clock that ``step(_:)`` runs, or `nil` for a design without one.
  public var mainClock: String? { design.mainClock }
}

extension Netlist {
  /// The ports that a clock can be at: those of the domains, and inputs, which a module may give to its instances.
  var clockPorts: [String] {
    domains.map(\.domain.clock) + signals.filter { $0.role == .input && $0.width == 1 }.map(\.name)
  }
}

extension Design {
  /// The clock port that a simulation's steps toggle, or `nil` for a design without a clock.
  var mainClock: String? {
    let domains = top.domains.map(\.domain)
    return (domains.first { $0 == .main } ?? domains.first)?.clock
  }
}
