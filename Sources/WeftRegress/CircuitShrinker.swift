import Weft

/// Makes a circuit smaller as long as it still fails.
struct CircuitShrinker {
  /// Whether a circuit fails.
  let fails: (Design) -> Bool
  /// How many circuits to try at most.
  var budget = 600

  /// A small circuit that fails as `design` does.
  mutating func shrink(_ design: Design) -> Design {
    var best = design
    var isSmaller = true
    while isSmaller, budget > 0 {
      isSmaller = false
      for module in best.modules.indices.reversed() {
        isSmaller = simplify(module, of: &best, candidates: Self.withoutProcess) || isSmaller
        isSmaller = simplify(module, of: &best, candidates: Self.withoutNode) || isSmaller
      }
    }
    return best
  }

  /// Takes every simpler form of a module that still fails.
  private mutating func simplify(
    _ module: Int, of design: inout Design, candidates: (Netlist, Int) -> [Netlist]?
  ) -> Bool {
    var isSmaller = false
    var position = 0
    while budget > 0, let forms = candidates(design.modules[module], position) {
      var wasTaken = false
      for form in forms where budget > 0 && !wasTaken {
        budget -= 1
        var modules = design.modules
        modules[module] = form
        let candidate = Design(modules: modules)
        if fails(candidate) {
          design = candidate
          (wasTaken, isSmaller) = (true, true)
        }
      }
      if !wasTaken { position += 1 }
    }
    return isSmaller
  }

  /// A module whose process at a position does less; `nil` behind the last.
  private static func withoutProcess(_ module: Netlist, _ position: Int) -> [Netlist]? {
    guard position < module.processes.count else { return nil }
    let process = module.processes[position]
    var forms: [[Netlist.Statement]] = []
    if process.kind != .combinational {
      if !process.statements.isEmpty { forms.append([]) }
    }
    for (index, statement) in process.statements.enumerated() {
      var bodies: [[Netlist.Statement]] = []
      switch statement {
      case .assign, .write: continue
      case .when(_, let then, let otherwise, _): bodies = [then, otherwise]
      case .match(_, let cases, let otherwise, _): bodies = cases.map(\.body) + [otherwise]
      }
      for body in bodies {
        forms.append(Array(process.statements[..<index]) + body + Array(process.statements[(index + 1)...]))
      }
    }
    return forms.map { statements in
      var form = module
      form.processes[position].statements = statements
      return form
    }
  }

  /// A module where the expression at a position, of those in use, is zero or one of its operands; `nil` behind the
  /// last.
  private static func withoutNode(_ module: Netlist, _ position: Int) -> [Netlist]? {
    var forms: [Netlist] = []
    var wasReached = false
    for choice in 0...3 {
      var number = 0
      var isChanged = false
      var rewriter = NetlistRewriter(module) { builder, node, width, _ in
        defer { number += 1 }
        guard number == position else { return nil }
        wasReached = true
        if case .constant = node { return nil }
        if choice == 0 {
          isChanged = true
          return builder.constant(BitVector(zero: width))
        }
        let operands = node.operands.filter { builder.width(of: $0) == width }
        guard choice <= operands.count else { return nil }
        isChanged = true
        return operands[choice - 1]
      }
      let form = rewriter.finish()
      if isChanged { forms.append(form) }
    }
    return wasReached ? forms : nil
  }
}
