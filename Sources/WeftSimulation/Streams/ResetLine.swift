import Weft

/// The reset of a design's main domain; one that is never active where there is none.
struct ResetLine {
  private let signal: BitSignal?
  /// The level at which the reset is active.
  private let activeLevel: Bool

  init<M>(_ simulation: Simulation<M>) {
    let engine = simulation.engine
    let domains = engine.design.top.domains
    guard let use = domains.first(where: { $0.domain == .main }) ?? domains.first, use.usesReset,
      let port = engine.storage(ofPort: use.domain.reset)
    else {
      (signal, activeLevel) = (nil, true)
      return
    }
    signal = BitSignal(SignalLocation(storage: port, low: 0, elementWidth: 1, count: 1, isSigned: false))
    activeLevel = use.domain.isResetActiveHigh
  }

  /// Whether the reset acts in this cycle.
  var isActive: Bool { signal.map { $0.isGiven == activeLevel } ?? false }

  /// Begins or ends the reset.
  func set(_ isActive: Bool) { signal?.set(isActive == activeLevel) }
}

/// How a reset goes on from cycle to cycle.
struct ResetWatch {
  /// What a cycle is.
  enum Phase {
    /// No reset, nor one in the cycle before.
    case running
    /// The first cycle of a reset: what it clears is still to be seen.
    case beginning
    /// A later cycle of a reset.
    case holding
    /// The first cycle after a reset: its sources offer nothing yet.
    case ending

    /// Whether the reset acts.
    var isActive: Bool { self == .beginning || self == .holding }
  }

  private let line: ResetLine
  private var wasActive = false

  init<M>(_ simulation: Simulation<M>) { line = ResetLine(simulation) }

  /// What the next cycle is, asked once a cycle.
  mutating func next() -> Phase {
    let isActive = line.isActive
    defer { wasActive = isActive }
    return isActive ? (wasActive ? .holding : .beginning) : (wasActive ? .ending : .running)
  }
}
