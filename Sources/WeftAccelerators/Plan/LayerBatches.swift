import WeftNetworks

/// How many frames of a pass each layer computes, and each input brings: as many as the output with the most frames
/// that needs it.
package struct LayerBatches: Hashable, Sendable {
  /// Of each layer.
  package let layers: [Int]
  /// Of each input.
  package let inputs: [Int]

  /// The batches that follow from those of the outputs.
  package init(_ network: QuantizedNetwork, outputs: [Int]) {
    var layers = [Int](repeating: 1, count: network.layers.count)
    var inputs = [Int](repeating: 1, count: network.inputs.count)
    for (branch, batch) in zip(network.branches, outputs) {
      for layer in branch.layers { layers[layer] = max(layers[layer], batch) }
      for input in branch.inputs { inputs[input] = max(inputs[input], batch) }
    }
    (self.layers, self.inputs) = (layers, inputs)
  }

  /// Those of a source.
  package func frames(from source: LayerSource) -> Int {
    switch source {
    case .input(let index): inputs[index]
    case .layer(let index): layers[index]
    }
  }
}
