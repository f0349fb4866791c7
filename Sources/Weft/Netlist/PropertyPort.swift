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
      let below = module.instances.flatMap { instance in
        known[instance.module].map { property in
          let path = property.path.isEmpty ? instance.name : "\(instance.name).\(property.path)"
          return PlacedProperty(property.property, path: path)
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
    var ports: [(name: String, width: Int)?] = []
    for index in result.modules.indices {
      ports.append(result.modules[index].exposeProperties(below: ports))
    }
    return (result, ports.last??.name)
  }
}

extension Netlist {
  /// Turns properties into an output, the first in the lowest bit and those of instances above the module's own.
  fileprivate mutating func exposeProperties(below ports: [(name: String, width: Int)?])
    -> (name: String, width: Int)?
  {
    var rewriter = NetlistRewriter(self) { _, _, _, _ in nil }
    let taken = Set(signals.map(\.name) + memories.map(\.name) + instances.map(\.name))
    func free(_ name: String) -> String {
      var name = name
      while taken.contains(name) { name += "_" }
      return name
    }
    let module = rewriter.finish()
    let place = SourcePlace(file: "", line: 0)
    let exposed = rewriter.withBuilder { builder -> (name: String, width: Int)? in
      var parts = module.properties.map(\.condition)
      for (index, instance) in module.instances.enumerated() {
        guard let port = ports[instance.module] else { continue }
        let role = Signal.Role.instanceOutput(InstanceID(index: Int32(index)), port: port.name)
        let name = free("\(instance.name)_\(port.name)")
        let signal = builder.add(Signal(name: name, width: port.width, role: role, format: .bits, place: place))
        parts.append(builder.reference(signal))
      }
      if parts.isEmpty { return nil }
      let value = builder.concatenate(parts.reversed())
      let name = free("properties")
      let output = builder.add(
        Signal(name: name, width: builder.width(of: value), role: .output, format: .bits, place: place))
      builder.netlist.processes.append(
        Process(kind: .combinational, statements: [.assign(output, low: 0, value, place)], targets: [output]))
      builder.netlist.properties = []
      return (name, builder.width(of: value))
    }
    self = rewriter.builder.netlist
    return exposed
  }
}
