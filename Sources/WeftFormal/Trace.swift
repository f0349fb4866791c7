import Weft
import WeftSimulation

/// A run of a design that a solver found: where it starts and what its surroundings do at each step.
public struct Trace: Sendable {
  /// What the surroundings do at one step.
  public struct Step: Hashable, Sendable {
    /// The value of each input port, and of each reset in a proof in which resets act.
    public var inputs: [String: BitVector]
    /// The clocks that move, of a design with several or with one of which both edges act; `nil` for another, whose
    /// clock always does.
    public var clocks: [String]?
  }

  /// The design that runs.
  public let design: Design
  /// The registers at the start, by hierarchical name; `nil` for a run that starts with their initial values.
  public let registers: [String: BitVector]?
  /// The words of memories at the start, likewise.
  public let memories: [String: [BitVector]]?
  /// The steps, the last of which shows what was looked for.
  public internal(set) var steps: [Step]
  /// The hierarchical names of the signals that say why, for ``waveform``.
  public let signals: [String]

  private let twoEdgedClocks: Set<String>

  init(
    _ values: [String: BitVector], of system: TransitionSystem, design: Design, script: SMTScript,
    start: SMTScript.Start
  ) {
    self.design = design
    steps = (0..<script.steps).map { step in
      var inputs: [String: BitVector] = [:]
      for input in system.inputs {
        inputs[input.port] = values[SMTScript.name(input.port, step)] ?? input.idle
      }
      let moving = system.clocks.filter { values[SMTScript.name($0.name, step)]?.isZero == false }.map(\.name)
      return Step(inputs: inputs, clocks: system.clocks.isEmpty ? nil : moving)
    }
    twoEdgedClocks = Set(system.clocks.filter { $0.edges.count > 1 }.map(\.name))
    switch start {
    case .initial:
      registers = nil
      memories = nil
    case .any:
      var registers: [String: BitVector] = [:]
      for state in system.states where state.isNamed {
        registers[state.path] = values[SMTScript.name(state.path, 0)] ?? state.initial
      }
      var memories: [String: [BitVector]] = [:]
      for memory in system.memories {
        memories[memory.path] = (0..<memory.depth).map {
          values[SMTScript.name(memory.path, 0, word: $0)] ?? BitVector(zero: memory.width)
        }
      }
      self.registers = registers
      self.memories = memories
    }
    signals = script.named
  }
}

// MARK: - Running it again

extension Trace {
  /// Runs the trace on the interpreter. Its monitor then has what failed.
  public func replay() -> InterpreterEngine {
    let engine = InterpreterEngine(design)
    replay(on: engine)
    return engine
  }

  /// Runs the trace on a fresh engine of the design; failures are not printed.
  ///
  /// - Parameter visit: Called before each step's clock edges, with the step's number and all values settled.
  public func replay(on engine: any SimulationEngine, _ visit: (Int) -> Void = { _ in }) {
    engine.monitor?.onFailure = { _ in }
    for (path, value) in registers ?? [:] { engine.storage(ofSignal: path)?.value = value }
    for (path, words) in memories ?? [:] {
      for (address, word) in words.enumerated() { engine.writeMemory(path, at: address, word) }
    }
    var levels: [String: Bool] = [:]
    for (number, step) in steps.enumerated() {
      for (port, value) in step.inputs { engine.storage(ofPort: port)?.value = value }
      engine.evaluate()
      visit(number)
      guard let clocks = step.clocks else {
        engine.step(1)
        continue
      }
      move(clocks, of: engine, &levels)
    }
  }

  /// Moves clocks all at once: those of one edge up and down or down and up, the others to their other level.
  private func move(_ clocks: [String], of engine: any SimulationEngine, _ levels: inout [String: Bool]) {
    let plain = clocks.filter { !twoEdgedClocks.contains($0) }
    let falling = plain.filter { clock in
      design.top.domains.contains { $0.domain.clock == clock && $0.domain.edge == .falling }
    }
    engine.timeline.make(falling.map { ClockEdge($0, isRising: true) }, engine)
    let edges = clocks.map { clock in
      if plain.contains(clock) { return ClockEdge(clock, isRising: !falling.contains(clock)) }
      levels[clock, default: false].toggle()
      return ClockEdge(clock, isRising: levels[clock] == true)
    }
    engine.timeline.make(edges, engine)
    let others = plain.filter { !falling.contains($0) }
    engine.timeline.make(others.map { ClockEdge($0, isRising: false) }, engine)
  }

  /// Records the trace as waves of the interpreter, in the file at a path that ends in `.vcd`.
  ///
  /// - Throws: `SimulationError` where the file cannot be written.
  public func writeWaves(to path: String) throws {
    let engine = InterpreterEngine(design)
    try engine.startTrace(to: path)
    replay(on: engine)
    try engine.stopTrace()
  }
}

// MARK: - Waves

extension Trace {
  /// The values of the deciding signals before each step's clock edge, a step a cycle. Of a design with several clocks,
  /// a clock is one in the steps at which it moves.
  public var waveform: Waveform {
    let engine = InterpreterEngine(design)
    let step = Time.nanoseconds(10)
    var clocks: [Waveform.Trace] = []
    for name in design.top.domains.map(\.domain.clock)
    where steps.first?.clocks != nil && !clocks.contains(where: { $0.name == name }) {
      let changes = steps.enumerated().map { number, one in
        (time: step * number, value: BitVector(truncating: one.clocks?.contains(name) == true ? 1 : 0, width: 1))
      }
      clocks.append(Waveform.Trace(name: name, format: .bit, changes: changes))
    }
    let shown = signals.compactMap { path in engine.storage(ofSignal: path).map { (path: path, storage: $0) } }
    var traces = shown.map { Waveform.Trace(name: $0.path, format: design.format(of: $0.path), changes: []) }
    replay(on: engine) { number in
      for (index, signal) in shown.enumerated() {
        traces[index].changes.append((time: step * number, value: signal.storage.value))
      }
    }
    return Waveform(traces: clocks + traces, begin: .zero, end: step * steps.count, period: step, phase: step)
  }
}
