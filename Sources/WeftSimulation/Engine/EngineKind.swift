import Weft

/// What runs a design.
public enum EngineKind: Hashable, Sendable {
  /// The embedded interpreter of the netlist: ready at once, the definition of what the language means.
  case interpreter
  /// Machine code by Verilator: needs Verilator and a C++ compiler the first time, then opens at once.
  case verilator(VerilatorOptions)

  /// The fastest Verilator model.
  public static var verilator: EngineKind { .verilator(VerilatorOptions()) }

  /// The same engine with internal signals and memories that can be read by name; the interpreter always has them.
  var keepingInternals: EngineKind {
    guard case .verilator(var options) = self else { return self }
    options.keepsInternals = true
    return .verilator(options)
  }

  /// An engine that runs `design`. Throws ``SimulationError`` where it cannot be had.
  public func makeEngine(for design: Design) throws -> any SimulationEngine {
    let boxes = design.modules.compactMap(\.blackBox).filter { !$0.hasModel }
    switch self {
    case .interpreter:
      if let box = boxes.first {
        throw SimulationError(
          "`\(box.name)` is a black box without a model, so that the interpreter cannot run it; give it a body that "
            + "says what it does, or its sources, which Verilator runs")
      }
      if design.modules.contains(where: { !$0.domainDrives().isEmpty }),
        let clock = FlatDesign(design.withModels(runningSources: false)).computedClock
      {
        throw SimulationError(
          "\(clock), where the interpreter sees no edges; run it with Verilator, or let the black box that makes it "
            + "have a model that passes on an input of the top module")
      }
      return InterpreterEngine(design)
    case .verilator(let options):
      if let box = boxes.first(where: { $0.sources.isEmpty }) {
        throw SimulationError(
          "`\(box.name)` is a black box without a model and without sources, so that nothing can be simulated of it; "
            + "give it a body that says what it does, or its sources")
      }
      return try VerilatorEngine(design, options: options)
    }
  }
}
