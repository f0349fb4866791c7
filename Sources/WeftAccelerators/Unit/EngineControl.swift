import Weft

/// Accompanies operands through the two steps of an engine: which of them count, begin a result and complete it.
struct EngineControl {
  /// Whether the registered products count.
  let accumulate: Bit
  /// Whether they are the first of a result.
  let isFirst: Bit
  /// Whether the results are complete.
  let isDone: Bit
  private let isLast: Bit

  /// The registers of a module whose body is being built.
  init<M: Module>(_ module: M) {
    accumulate = module.register(.bit, reset: 0, named: "productValid")
    isFirst = module.register(.bit, named: "productFirst")
    isLast = module.register(.bit, reset: 0, named: "productLast")
    isDone = module.register(.bit, reset: 0, named: "resultValid")
  }

  /// Moves on with what an input buffer gives.
  @CircuitBuilder func follow(_ inputBuffer: Instance<InputBuffer>) -> Circuit {
    accumulate <== inputBuffer.valid
    isFirst <== inputBuffer.first
    isLast <== inputBuffer.last
    isDone <== accumulate & isLast
  }
}
