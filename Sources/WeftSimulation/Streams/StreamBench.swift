import Weft

/// Runs a design together with the agents at its streams.
///
/// ```swift
/// let bench = StreamBench(sim, driver, monitor)
/// try bench.run(until: { monitor.count == 3 }, limit: 1_000)
/// ```
public final class StreamBench {
  /// What runs.
  public let engine: any SimulationEngine
  /// The agents, in the order in which they act.
  public let agents: [any StreamAgent]
  /// The cycle that runs next; for a design without a clock, the number of steps.
  public var cycle: Int { isClocked ? engine.cycle : steps }

  private let isClocked: Bool
  private let reset: ResetLine
  private var steps = 0

  /// A bench for a simulation and agents at its streams.
  public init<M>(_ simulation: Simulation<M>, _ agents: [any StreamAgent]) {
    isClocked = simulation.engine.mainClock != nil
    engine = simulation.engine
    reset = ResetLine(simulation)
    self.agents = agents
  }

  /// A bench for a simulation and agents at its streams.
  public convenience init<M>(_ simulation: Simulation<M>, _ agents: any StreamAgent...) {
    self.init(simulation, agents)
  }

  /// Runs one cycle: the agents drive, the logic settles, the agents observe, the clock rises.
  ///
  /// - Throws: `SimulationError` where the hardware breaks the rules of a stream.
  public func step() throws(SimulationError) {
    for agent in agents { agent.drive() }
    let cycle = self.cycle
    for agent in agents { try agent.observe(cycle: cycle) }
    engine.step(1)
    steps += 1
  }

  /// Runs so many cycles.
  ///
  /// - Throws: `SimulationError` where the hardware breaks the rules of a stream.
  public func run(cycles: Int) throws(SimulationError) {
    for _ in 0..<max(0, cycles) { try step() }
  }

  /// Runs so many cycles under the main domain's reset. A design without reset just runs them. Agents at buses notice
  /// it and forget what is under way; drivers and monitors of streams go on.
  ///
  /// - Throws: `SimulationError` where the hardware breaks the rules of a stream.
  public func reset(cycles: Int = 2) throws(SimulationError) {
    reset.set(true)
    defer { reset.set(false) }
    try run(cycles: cycles)
  }

  /// Runs until `condition` holds, which is asked before each cycle, and returns the number of cycles that took.
  ///
  /// - Throws: `SimulationError` where the condition does not hold after `limit` cycles, with what every agent did and
  ///   the seeds of their stalls, or where the hardware breaks the rules of a stream.
  @discardableResult
  public func run(until condition: () -> Bool, limit: Int) throws(SimulationError) -> Int {
    var count = 0
    while !condition() {
      if count >= limit {
        throw SimulationError(
          "cycle \(cycle): what was waited for did not come within \(limit) cycles; "
            + agents.map(\.status).joined(separator: "; "))
      }
      try step()
      count += 1
    }
    return count
  }
}
