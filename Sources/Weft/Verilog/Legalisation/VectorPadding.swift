extension Netlist {
  /// Gives vectors zeros for as many elements as their index can count, where the place of an element is its index
  /// times a width that is no power of two. Otherwise that product, as wide as the places there are, could wrap: Yosys
  /// then builds a multiplier and a shifter by single bits, where a choice among the elements is meant.
  mutating func padVectors() {
    func padded(_ node: Node, width: Int, _ widthOf: (NodeID) -> Int) -> Int? {
      guard case .element(let vector, let index) = node, width & (width - 1) != 0 else { return nil }
      let given = widthOf(vector)
      let position = min(Indexing.bits(for: given / width), widthOf(index))
      let reachable = (1 << position) * width
      return given > width && reachable > 1 << Indexing.bits(for: given) ? reachable : nil
    }
    let isPadded = nodes.indices.contains { index in
      padded(nodes[index], width: Int(nodeWidths[index]), width(of:)) != nil
    }
    if !isPadded { return }
    var rewriter = NetlistRewriter(self) { builder, node, width, _ in
      guard let reachable = padded(node, width: width, builder.width(of:)),
        case .element(let vector, let index) = node
      else { return nil }
      return builder.element(builder.extend(vector, to: reachable, signed: false), index: index, width: width)
    }
    self = rewriter.finish()
  }
}
