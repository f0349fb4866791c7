extension Netlist {
  /// Gives a signal at a port of an instance, which is named after both, a name of its own where something else is
  /// spelt like it: port `c` of `a_b`, port `b_c` of `a` and a wire `a_b_c`.
  mutating func separateNames() {
    let ownNames =
      instances.map(\.name) + memories.map(\.name) + domains.flatMap { [$0.domain.clock, $0.domain.reset] }
      + signals.lazy.filter { !$0.role.isInstancePort }.map(\.name)
    // Two can be spelt alike only where a name begins with that of an instance.
    let instanceNames = Set(instances.lazy.map { Substring($0.name) })
    let canClash = ownNames.contains { name in
      name.indices.contains { name[$0] == "_" && instanceNames.contains(name[..<$0]) }
    }
    guard canClash else { return }
    var taken = Set(ownNames)
    for index in signals.indices {
      guard let (instance, port) = signals[index].role.instancePort else { continue }
      let name = signals[index].name
      if taken.insert(name).inserted { continue }
      var hash = FNV1a()
      hash.combine(self[instance].name)
      hash.combine(".")
      hash.combine(port)
      signals[index].name = "\(name)_\(BitVector(words: [hash.value], width: 16).hexadecimal)"
      while !taken.insert(signals[index].name).inserted { signals[index].name += "_" }
    }
  }
}

extension Netlist.Signal.Role {
  /// The instance and its port that the signal is at.
  var instancePort: (instance: Netlist.InstanceID, port: String)? {
    switch self {
    case .instanceInput(let instance, let port), .instanceOutput(let instance, let port),
      .instanceDomain(let instance, let port):
      (instance, port)
    case .input, .output, .wire, .register, .memoryRead: nil
    }
  }

  /// Whether the signal is at a port of an instance.
  var isInstancePort: Bool { instancePort != nil }
}
