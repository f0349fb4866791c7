import Weft
import WeftSimulation

/// A circuit on an engine, alone or under a prefix among others.
struct CircuitRun {
  private let engine: any SimulationEngine
  private let inputs: [String: SignalStorage]
  private let outputs: [SignalStorage]

  /// - Parameter prefix: what the names of the circuit's ports begin with on the engine.
  init(_ design: Design, on engine: any SimulationEngine, prefix: String = "") throws {
    func storage(_ name: String) throws -> SignalStorage {
      guard let storage = engine.storage(ofPort: name) else {
        throw SimulationError("the engine has no port `\(name)`")
      }
      return storage
    }
    self.engine = engine
    var inputs: [String: SignalStorage] = [:]
    var outputs: [SignalStorage] = []
    for signal in design.top.signals {
      if signal.role == .input { inputs[signal.name] = try storage(prefix + signal.name) }
      if signal.role == .output { outputs.append(try storage(prefix + signal.name)) }
    }
    self.inputs = inputs
    self.outputs = outputs
  }

  /// Sets the inputs of a cycle.
  func set(_ cycle: CircuitStimulus.Cycle) { for (name, value) in cycle.inputs { inputs[name]?.value = value } }

  /// The values of the outputs, in order.
  var values: [BitVector] { outputs.map(\.value) }

  /// Runs cycles; gives the values of the outputs before and after the edges of each.
  static func trace(
    _ design: Design, on engine: any SimulationEngine, _ stimulus: CircuitStimulus
  ) throws -> [[BitVector]] {
    let run = try CircuitRun(design, on: engine)
    let clocks = SharedClocks(engine)
    var trace: [[BitVector]] = []
    for cycle in stimulus.cycles {
      run.set(cycle)
      clocks.reset(cycle.isReset)
      trace.append(run.values)
      for domain in cycle.ticks { clocks.tick(domain) }
      trace.append(run.values)
    }
    return trace
  }
}

/// The clocks and resets of an engine.
struct SharedClocks {
  private let engine: any SimulationEngine

  /// Brings all clocks to the level between edges.
  init(_ engine: any SimulationEngine) {
    self.engine = engine
    for domain in CircuitStimulus.domains where domain.idleLevel { engine.storage(ofPort: domain.clock)?.lowWord = 1 }
    engine.evaluate()
  }

  /// Makes the resets of the domains active or not.
  func reset(_ isReset: [Bool]) {
    for (domain, isReset) in zip(CircuitStimulus.domains, isReset) {
      engine.storage(ofPort: domain.reset)?.lowWord = isReset == domain.isResetActiveHigh ? 1 : 0
    }
    engine.evaluate()
  }

  /// One edge of a clock, and back.
  func tick(_ domain: Domain) {
    guard let clock = engine.storage(ofPort: domain.clock) else { return }
    for level in [!domain.idleLevel, domain.idleLevel] {
      clock.lowWord = level ? 1 : 0
      engine.evaluate()
    }
  }
}
