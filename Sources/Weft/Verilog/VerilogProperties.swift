extension VerilogEmitter {
  /// Emits the assertions and assumptions, those of one domain in one block.
  mutating func emitProperties() {
    for use in netlist.domains { emitProperties(of: use.domain, at: [use]) }
    emitProperties(of: nil, at: netlist.domains)
  }

  /// Emits those of a domain, checked at the edges of these clocks while no reset is active.
  private mutating func emitProperties(of domain: Domain?, at uses: [Netlist.DomainUse]) {
    let properties = netlist.properties.filter { $0.domain == domain && $0.kind != .cover }
    if properties.isEmpty || uses.isEmpty { return }
    startParagraph()
    for property in properties { declareWires(for: property.condition) }
    var checks = properties.map { property in
      let message = "\(property.place): \(property.kind.rawValue) failed: \(property.sentence)"
      return VerilogStatement.when(inverted(condition(property.condition)), then: [.display(message)], else: [])
    }
    for use in uses where use.usesReset {
      let reset = VerilogExpression.name(use.domain.reset)
      checks = [.when(use.domain.isResetActiveHigh ? .unary(.conditionNot, reset) : reset, then: checks, else: [])]
    }
    append(.simulationOnly([.always(events: uses.map { edge($0.domain) }, checks, place: nil)]))
  }
}
