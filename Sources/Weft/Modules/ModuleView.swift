/// Tells which signals the properties of a module stand for, for a simulation of it.
package final class ModuleView<M: Module> {
  private let scope: ModuleScope<M>

  /// Where a leaf of a signal lies in the elaborated module.
  package struct Location {
    /// The name of the signal: a port, or something inside.
    package var signal: String
    /// The lowest bit of the leaf within it.
    package var low: Int
    /// The bits of the leaf.
    package var layout: Layout
  }

  /// A view of `module`.
  package init(_ module: M) { scope = ModuleScope(module) }

  /// Where the leaves of a signal lie, as `Layout.leaves` orders them; `nil` where a leaf is no named signal but an
  /// expression.
  package func locations<S: Signal>(of path: KeyPath<M, S>) -> [Location]? {
    scope.enter {
      let signal = scope.module[keyPath: path]
      var locations: [Location] = []
      for (leaf, operand) in zip(signal.signalLayout.leaves, signal.leaves) {
        guard case .node(let node, _, _) = operand, let (id, low) = place(of: node) else { return nil }
        locations.append(Location(signal: scope.netlist[id].name, low: low, layout: leaf.layout))
      }
      return locations
    }
  }

  private func place(of node: Netlist.NodeID) -> (Netlist.SignalID, Int)? {
    switch scope.netlist[node] {
    case .reference(let signal): return (signal, 0)
    case .slice(let whole, let low): return place(of: whole).map { ($0.0, $0.1 + low) }
    default: return nil
    }
  }
}

extension Layout {
  /// The width of one scalar of a leaf, which is a scalar or a vector, or vector of vectors, of them.
  package var elementWidth: Int { if case .vector(_, let element) = self { element.elementWidth } else { width } }
  /// The number of scalars of a leaf.
  package var elementCount: Int {
    if case .vector(let count, let element) = self { count * element.elementCount } else { 1 }
  }
  /// Whether elements are numbers in two's complement.
  package var hasSignedElements: Bool { isSigned }
}
