import Weft

/// Accompanies operands through the steps of an engine: which of them count, begin a result and complete it.
struct EngineControl {
  /// Whether the products, or the sums of them, count.
  let accumulate: Bit
  /// Whether they are the first of a result.
  let isFirst: Bit
  /// Whether the results are complete.
  let isDone: Bit
  private let isLast: Bit
  /// What is said of the products, from the multipliers to the accumulators: one for each level of registers.
  private let levels: [(isValid: Bit, isFirst: Bit, isLast: Bit)]

  /// The registers of a module whose body is being built.
  ///
  /// - Parameter treeLevels: Registers between the products and the accumulators.
  init<M: Module>(_ module: M, treeLevels: Int) {
    levels = (0...treeLevels).map { level in
      let name = level == 0 ? "product" : "sum\(level)"
      return (
        module.register(.bit, reset: 0, named: "\(name)Valid"), module.register(.bit, named: "\(name)First"),
        module.register(.bit, reset: 0, named: "\(name)Last")
      )
    }
    (accumulate, isFirst, isLast) = levels[treeLevels]
    isDone = module.register(.bit, reset: 0, named: "resultValid")
  }

  /// Moves on with what an input buffer gives.
  @CircuitBuilder func follow(_ inputBuffer: Instance<InputBuffer>) -> Circuit {
    for (index, level) in levels.enumerated() {
      level.isValid <== (index == 0 ? inputBuffer.valid : levels[index - 1].isValid)
      level.isFirst <== (index == 0 ? inputBuffer.first : levels[index - 1].isFirst)
      level.isLast <== (index == 0 ? inputBuffer.last : levels[index - 1].isLast)
    }
    isDone <== accumulate & isLast
  }
}
