/// Claims that `condition` is one wherever this statement is reached: at every edge of the domain's clock, or of every
/// clock for the domain `nil`, at which the reset is inactive and the surrounding conditions hold.
///
/// ```swift
/// When(output.valid) { Assert(count != 0, "what is offered is counted") }
/// ```
/// Simulations check it in every cycle, `prove` for all inputs. Verilog for boards leaves it out.
public func Assert(
  _ condition: Bit, _ sentence: String, domain: Domain? = .main, file: String = #fileID, line: Int = #line
) -> Circuit {
  Circuit(.assertion, condition, sentence, domain, SourcePlace(file: file, line: line))
}

/// Says that the surroundings see to it that `condition` is one wherever this statement is reached. A proof looks only
/// at inputs for which that is so; a simulation reports a test bench that does not keep to it.
public func Assume(
  _ condition: Bit, _ sentence: String, domain: Domain? = .main, file: String = #fileID, line: Int = #line
) -> Circuit {
  Circuit(.assumption, condition, sentence, domain, SourcePlace(file: file, line: line))
}

/// Asks for a run in which this statement is reached with `condition` one. A simulation counts the cycles in which that
/// is so; `findCovers` looks for the shortest run.
public func Cover(
  _ condition: Bit, _ sentence: String, domain: Domain? = .main, file: String = #fileID, line: Int = #line
) -> Circuit {
  Circuit(.cover, condition, sentence, domain, SourcePlace(file: file, line: line))
}

extension Circuit {
  fileprivate init(
    _ kind: Netlist.Property.Kind, _ condition: Bit, _ sentence: String, _ domain: Domain?, _ place: SourcePlace
  ) {
    let scope = Scope.current
    let node = scope.node(scope.sized(condition.operand, width: 1))
    scope.hasProperties = true
    self.init(
      kind: .property(
        Netlist.Property(kind: kind, sentence: sentence, condition: node, domain: domain, place: place)),
      place: place)
  }

  /// The properties in the statement, each with the conditions around it, which `reached` sums up for the whole.
  func properties(reached: Netlist.NodeID? = nil, in builder: inout NetlistBuilder) -> [Netlist.Property] {
    func both(_ condition: Netlist.NodeID) -> Netlist.NodeID {
      reached.map { builder.bitwise(.and, $0, condition) } ?? condition
    }
    switch kind {
    case .assign, .write: return []
    case .block(let parts): return parts.flatMap { $0.properties(reached: reached, in: &builder) }
    case .when(let condition, let then, let otherwise):
      guard then.hasProperties || otherwise.hasProperties else { return [] }
      let (yes, no) = (both(condition), both(builder.not(condition)))
      return then.properties(reached: yes, in: &builder) + otherwise.properties(reached: no, in: &builder)
    case .match(let subject, let cases, let otherwise):
      guard hasProperties else { return [] }
      var result: [Netlist.Property] = []
      var isOther = builder.constant(BitVector(ones: 1))
      for one in cases {
        var isCase = builder.constant(BitVector(zero: 1))
        for pattern in one.patterns {
          isCase = builder.bitwise(.or, isCase, builder.compare(.equal, subject, builder.constant(pattern)))
        }
        result += one.body.properties(reached: both(builder.bitwise(.and, isOther, isCase)), in: &builder)
        isOther = builder.bitwise(.and, isOther, builder.not(isCase))
      }
      return result + (otherwise?.properties(reached: both(isOther), in: &builder) ?? [])
    case .property(var property):
      if let reached {
        property.condition =
          property.kind == .cover
          ? builder.bitwise(.and, reached, property.condition)
          : builder.bitwise(.or, builder.not(reached), property.condition)
      }
      return [property]
    }
  }

  private var hasProperties: Bool {
    switch kind {
    case .assign, .write: false
    case .block(let parts): parts.contains(where: \.hasProperties)
    case .when(_, let then, let otherwise): then.hasProperties || otherwise.hasProperties
    case .match(_, let cases, let otherwise):
      cases.contains { $0.body.hasProperties } || otherwise?.hasProperties == true
    case .property: true
    }
  }
}
