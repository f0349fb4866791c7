/// How an element of a vector is picked by an index.
struct ElementShape {
  let count: Int
  let width: Int
  let indexWidth: Int
  /// Whether the index can lie beyond the last element.
  let needsGuard: Bool

  init(_ netlist: Netlist, vector: Netlist.NodeID, index: Netlist.NodeID, width: Int) {
    count = netlist.width(of: vector) / width
    self.width = width
    indexWidth = netlist.width(of: index)
    needsGuard = Indexing.canReach(count, width: indexWidth)
  }
}
