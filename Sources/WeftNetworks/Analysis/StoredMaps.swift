/// Which maps of a network lie in a memory: its inputs and the results of convolutions, poolings and sums. Everything
/// else is computed on the way from one to another.
struct StoredMaps {
  private let network: Network
  /// For every value the stored maps that it is made from; for a stored map that itself.
  private var origins: [Network.Source: Set<Network.Source>] = [:]

  init(_ network: Network) {
    self.network = network
    for index in network.inputs.indices { origins[.input(index)] = [.input(index)] }
    for (index, node) in network.nodes.enumerated() {
      origins[.node(index)] = node.makesMap ? [.node(index)] : read(by: node)
    }
  }

  /// The stored maps that a node reads.
  private func read(by node: Network.Node) -> Set<Network.Source> {
    node.sources.reduce(into: []) { $0.formUnion(origins[$1] ?? []) }
  }

  /// Elements that a node reads and writes.
  func elementsMoved(by index: Int) -> Int {
    let node = network.nodes[index]
    guard node.makesMap else { return 0 }
    return read(by: node).reduce(node.shape.count) { $0 + network.shape(of: $1).count }
  }

  /// The most elements that are needed at once when nodes are computed in their order.
  var peakElements: Int {
    var lastUses: [Network.Source: Int] = [:]
    for (index, node) in network.nodes.enumerated() where node.makesMap {
      for map in read(by: node) { lastUses[map] = index }
    }
    for output in network.outputs { for map in origins[output.source] ?? [] { lastUses[map] = network.nodes.count } }
    var ends: [Int: Int] = [:]
    for (map, last) in lastUses { ends[last, default: 0] += network.shape(of: map).count }
    var held = network.inputs.indices.filter { lastUses[.input($0)] != nil }.reduce(0) { sum, index in
      sum + network.inputs[index].shape.count
    }
    var peak = held
    for (index, node) in network.nodes.enumerated() {
      if lastUses[.node(index)] != nil { held += node.shape.count }
      peak = max(peak, held)
      held -= ends[index] ?? 0
    }
    return peak
  }
}

extension Network.Node {
  /// Whether the result lies in a memory of its own.
  fileprivate var makesMap: Bool {
    switch operation {
    case .convolution, .fullyConnected, .maximum, .sum: true
    default: false
    }
  }
}
