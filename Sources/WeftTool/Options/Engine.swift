import ArgumentParser
import WeftSimulation

/// What simulates an accelerator.
enum Engine: String, ExpressibleByArgument, CaseIterable {
  case verilator, interpreter

  var kind: EngineKind {
    switch self {
    case .verilator: .verilator
    case .interpreter: .interpreter
    }
  }
}
