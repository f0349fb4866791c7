import Weft

/// The time of a running design: its clocks, what has passed, and what looks on.
public final class Timeline {
  /// The clock that steps count, or `nil` for a design without one.
  let mainClock: String?
  private var schedule = ClockSchedule()
  private var observers: [any SimulationObserver] = []
  private var countedCycles = 0
  /// What every step reads and writes, outside the object, since a field of it costs more.
  private let plain: UnsafeMutablePointer<PlainSteps>

  /// Steps that an engine runs by itself.
  private struct PlainSteps {
    /// Whether a step is the rise and fall of the main clock, which is the only one, and nobody looks on.
    var areAllowed = false
    /// Cycles of the main clock that the schedule does not know of yet.
    var cycles = 0
  }

  /// The period of a main clock that was never declared, and the length of a step in a design without a clock.
  static let defaultPeriod = Time.nanoseconds(10)

  /// A timeline at time zero.
  init(mainClock: String?) {
    self.mainClock = mainClock
    plain = .allocate(capacity: 1)
    plain.initialize(to: PlainSteps())
    if let mainClock { setClock(mainClock, period: Self.defaultPeriod, phase: nil) }
  }

  deinit { plain.deallocate() }

  /// Whether an engine runs steps by itself and only notes them here.
  @inline(__always)
  var isPlain: Bool { plain.pointee.areAllowed }

  /// The time since the start.
  public var time: Time { schedule.time + period * plain.pointee.cycles }

  /// The number of times that the main clock has risen.
  public var cycle: Int { countedCycles + plain.pointee.cycles }

  private var period: Time { mainClock.flatMap { schedule.clock(at: $0)?.period } ?? Self.defaultPeriod }

  /// How long a step is, and a time at which one ends: just before the rise of the main clock, whatever was written has
  /// settled.
  var steps: (period: Time, end: Time) {
    guard let clock = mainClock.flatMap({ schedule.clock(at: $0) }) else { return (period, period) }
    return (clock.period, clock.phase)
  }

  /// The period of the clock at a port, or `nil` where it does not tick.
  func period(of clock: String) -> Time? { schedule.clock(at: clock)?.period }

  /// Lets the clock at a port tick.
  func setClock(_ port: String, period: Time, phase: Time?) {
    let phase = phase ?? period / 2
    precondition(period > .zero, "the period of \(port) is \(period); it has to be above zero")
    precondition(
      phase > .zero, "\(port) first rises at \(phase); it has to be above zero, since nothing precedes the start")
    settlePlainCycles()
    schedule.set(TickingClock(port: port, period: period, phase: phase))
    findWhetherPlain()
  }

  /// The clocks that tick.
  var clocks: [TickingClock] { schedule.clocks }

  /// Goes to a time of another run.
  func restore(time: Time, cycle: Int, clocks: [TickingClock]) {
    schedule.restart(at: time, with: clocks)
    (countedCycles, plain.pointee.cycles) = (cycle, 0)
    findWhetherPlain()
  }

  /// Lets an observer look on from now on.
  func add(_ observer: any SimulationObserver) {
    settlePlainCycles()
    observers.append(observer)
    findWhetherPlain()
  }

  /// Lets an observer look on no longer.
  func remove(_ observer: any SimulationObserver) {
    observers.removeAll { $0 === observer }
    findWhetherPlain()
  }

  /// Notes cycles that an engine ran by itself.
  @inline(__always)
  func pass(_ cycles: Int) { plain.pointee.cycles &+= cycles }

  private func settlePlainCycles() {
    guard plain.pointee.cycles > 0 else { return }
    schedule.skip(to: time)
    countedCycles += plain.pointee.cycles
    plain.pointee.cycles = 0
  }

  private func findWhetherPlain() {
    plain.pointee.areAllowed =
      observers.isEmpty && schedule.isBeforeRise && schedule.clocks.first?.port == mainClock
  }
}

// MARK: - Running

extension Timeline {
  /// Runs cycles of the main clock; in a design without one, steps of the default period.
  func step(_ cycles: Int, _ engine: some SimulationEngine) { run(for: period * cycles, engine) }

  /// Carries out all edges after the present up to the end of a duration, and settles the design there.
  func run(for duration: Time, _ engine: some SimulationEngine) {
    settlePlainCycles()
    let end = schedule.time + duration
    engine.evaluate()
    var now = schedule.time
    while let edges = schedule.advance(to: end) {
      leave(now, before: edges)
      engine.drive(edges)
      for edge in edges where edge.isRising && edge.clock == mainClock { countedCycles += 1 }
      now = schedule.time
    }
    if end > now { leave(now, before: []) }
    schedule.finish(at: end)
    findWhetherPlain()
  }

  /// Makes clock edges that nobody's schedule has, all at once, and lets half a step pass.
  package func make(_ edges: [ClockEdge], _ engine: some SimulationEngine) {
    settlePlainCycles()
    engine.evaluate()
    leave(schedule.time, before: edges)
    engine.drive(edges)
    for edge in edges where edge.isRising && edge.clock == mainClock { countedCycles += 1 }
    schedule.skip(to: schedule.time + period / 2)
    findWhetherPlain()
  }

  private func leave(_ time: Time, before edges: [ClockEdge]) {
    for observer in observers { observer.observe(at: time, before: edges) }
  }
}
