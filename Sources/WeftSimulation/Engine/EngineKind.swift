import Weft

/// Which engine runs a design.
public enum EngineKind: Hashable, Sendable {
  /// The embedded interpreter of the netlist: ready at once, the definition of what the language means.
  case interpreter
}
