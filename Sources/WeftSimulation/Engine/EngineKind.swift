import Weft

/// Which engine runs a design.
public enum EngineKind: Hashable, Sendable {
  /// The embedded interpreter of the netlist: ready at once, the definition of what the language means.
  case interpreter

  /// An engine that runs `design`. Throws ``SimulationError`` where it cannot be had.
  public func makeEngine(for design: Design) throws -> any SimulationEngine {
    switch self {
    case .interpreter: InterpreterEngine(design)
    }
  }
}
