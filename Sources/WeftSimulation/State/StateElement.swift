import Weft

/// One thing that a design remembers from a clock edge to the next.
struct StateElement {
  /// What remembers.
  enum Kind {
    /// A register; whether a reset gives it a value, and whether anything ever drives it.
    case register(hasReset: Bool, isDriven: Bool)
    /// The word that a synchronous read port gave.
    case readPort
    /// A memory; whether it starts with contents of its own.
    case memory(depth: Int, hasContents: Bool)
  }

  /// The hierarchical name.
  var path: String
  /// Bits of the register, or of a word.
  var width: Int
  var kind: Kind
}

extension Design {
  /// All that a run of the design remembers, in the order of the hierarchy.
  var stateElements: [StateElement] {
    var elements: [StateElement] = []
    collectState(of: top, path: "", into: &elements)
    return elements
  }

  private func collectState(of module: Netlist, path: String, into elements: inout [StateElement]) {
    let driven = Set(module.processes.flatMap(\.targets))
    for id in module.signalIDs {
      guard case .register(let register) = module[id].role else { continue }
      let kind = StateElement.Kind.register(hasReset: register.resetValue != nil, isDriven: driven.contains(id))
      elements.append(StateElement(path: path + module[id].name, width: module[id].width, kind: kind))
    }
    for memory in module.memories {
      for read in memory.reads where read.isSynchronous {
        elements.append(StateElement(path: path + module[read.data].name, width: memory.width, kind: .readPort))
      }
      elements.append(
        StateElement(
          path: path + memory.name, width: memory.width,
          kind: .memory(depth: memory.depth, hasContents: !memory.contents.isEmpty)))
    }
    for instance in module.instances {
      collectState(of: self.module(of: instance), path: "\(path)\(instance.name).", into: &elements)
    }
  }
}
