/// Where a property stands in a hierarchy.
public struct PlacedProperty: Hashable, Sendable {
  /// The property; its condition is a node of its own module.
  public var property: Netlist.Property
  /// The names of the instances that lead to its module, joined by dots; empty for the top module's own.
  public var path: String

  /// A property of the instance at a path.
  public init(_ property: Netlist.Property, path: String) {
    self.property = property
    self.path = path
  }
}

extension Design {
  /// All properties of the hierarchy: a module's own, then those of its instances.
  public var properties: [PlacedProperty] {
    var known: [[PlacedProperty]] = []
    for module in modules {
      let drives = module.domainDrives()
      let below = module.instances.enumerated().flatMap { index, instance in
        let driven = drives[Netlist.InstanceID(index: Int32(index))]
        return known[instance.module].map { placed in
          var property = placed.property
          if let clock = property.domain.flatMap({ driven?[$0.clock] }) {
            property.domain?.clock = module.input(givenTo: clock)?.name ?? module[clock].name
          }
          return PlacedProperty(property, path: placed.path.isEmpty ? instance.name : "\(instance.name).\(placed.path)")
        }
      }
      known.append(module.properties.map { PlacedProperty($0, path: "") } + below)
    }
    return known.last ?? []
  }

  /// The same hardware with the condition of each property at an output of its own, so that any tool can watch it.
  ///
  /// - Returns: The design, and the name of the top module's output, bit i of which is the condition of property i of
  ///   ``properties``; `nil` where there is none.
  package func exposingProperties() -> (design: Design, port: String?) {
    if modules.allSatisfy(\.properties.isEmpty) { return (self, nil) }
    var result = self
    var ports: [(name: String, properties: [Netlist.Property])?] = []
    for index in result.modules.indices {
      ports.append(result.modules[index].exposeProperties(below: ports, domains: modules.map(\.domains)))
    }
    return (result, ports.last??.name)
  }
}

extension NetlistBuilder {
  /// The condition of a property that counts only while none of these bits is one.
  fileprivate mutating func gate(
    _ condition: Netlist.NodeID, of property: Netlist.Property, unless active: [Netlist.NodeID]
  ) -> Netlist.NodeID {
    active.reduce(condition) {
      property.kind == .cover ? bitwise(.and, $0, not($1)) : bitwise(.or, $0, $1)
    }
  }
}

extension Netlist {
  /// The input whose value a signal always is.
  fileprivate func input(givenTo signal: SignalID) -> Signal? {
    for process in processes where process.targets == [signal] {
      guard case .assign(_, _, let value, _)? = process.statements.first, case .reference(let source) = self[value],
        self[source].role == .input
      else { continue }
      return self[source]
    }
    return nil
  }

  /// Turns properties into an output, the first in the lowest bit and those of instances above the module's own.
  fileprivate mutating func exposeProperties(
    below ports: [(name: String, properties: [Property])?], domains: [[DomainUse]]
  ) -> (name: String, properties: [Property])? {
    var rewriter = NetlistRewriter(self) { _, _, _, _ in nil }
    let taken = Set(signals.map(\.name) + memories.map(\.name) + instances.map(\.name))
    func free(_ name: String) -> String {
      var name = name
      while taken.contains(name) { name += "_" }
      return name
    }
    let module = rewriter.finish()
    let place = SourcePlace(file: "", line: 0)
    let drives = domainDrives()
    let exposed = rewriter.withBuilder { builder -> (name: String, properties: [Property])? in
      var parts = module.properties.map(\.condition)
      var properties = module.properties
      for (index, instance) in module.instances.enumerated() {
        guard let port = ports[instance.module] else { continue }
        let role = Signal.Role.instanceOutput(InstanceID(index: Int32(index)), port: port.name)
        let name = free("\(instance.name)_\(port.name)")
        let width = port.properties.count
        let signal = builder.add(Signal(name: name, width: width, role: role, format: .bits, place: place))
        let conditions = builder.reference(signal)
        properties += port.properties
        guard let driven = drives[InstanceID(index: Int32(index))] else {
          parts.append(conditions)
          continue
        }
        for (bit, property) in port.properties.enumerated() {
          let condition = builder.slice(conditions, low: bit, width: 1)
          let resets = domains[instance.module].filter { property.domain == nil || property.domain == $0.domain }
          let active = resets.compactMap { use -> NodeID? in
            guard use.usesReset, let level = driven[use.domain.reset].map({ builder.reference($0) }) else { return nil }
            return use.domain.isResetActiveHigh ? level : builder.not(level)
          }
          parts.append(builder.gate(condition, of: property, unless: active))
        }
      }
      if parts.isEmpty { return nil }
      let value = builder.concatenate(parts.reversed())
      let name = free("properties")
      let output = builder.add(
        Signal(name: name, width: builder.width(of: value), role: .output, format: .bits, place: place))
      builder.netlist.processes.append(
        Process(kind: .combinational, statements: [.assign(output, low: 0, value, place)], targets: [output]))
      builder.netlist.properties = []
      return (name, properties)
    }
    self = rewriter.builder.netlist
    return exposed
  }
}
