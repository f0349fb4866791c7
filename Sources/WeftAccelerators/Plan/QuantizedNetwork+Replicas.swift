import WeftNetworks

extension QuantizedNetwork {
  /// The network with what some outputs need several times side by side: as many replicas of each layer and input as
  /// the output with the most replicas that needs it says. A replica reads the same replica of what feeds it; an output
  /// with fewer of them has the first ones.
  ///
  /// - Parameter replicas: For outputs by their names how often they occur; once where it says nothing.
  /// - Throws: `PlanError` where an output is unknown or its replicas are not from 1 to ``Plan/largestBatch``.
  public func replicated(_ replicas: [String: Int]) throws(PlanError) -> QuantizedNetwork {
    try checkCounts(replicas, of: "a number of replicas")
    let replicas = outputs.map { replicas[$0.name] ?? 1 }
    let counts = LayerBatches(self, outputs: replicas)
    guard replicas.contains(where: { $0 > 1 }) else { return self }
    let (firstInputs, firstLayers) = (Self.firsts(counts.inputs), Self.firsts(counts.layers))
    func place(_ source: LayerSource, replica: Int) -> LayerSource {
      switch source {
      case .input(let index): .input(firstInputs[index] + replica)
      case .layer(let index): .layer(firstLayers[index] + replica)
      }
    }
    var network = self
    var names = ReplicaNames(inputs.map(\.name))
    network.inputs = zip(inputs, counts.inputs).flatMap { input, count in
      (0..<count).map { replica in
        var result = input
        result.name = names.name(input.name, replica: replica)
        return result
      }
    }
    names = ReplicaNames(layers.map(\.name))
    network.layers = zip(layers, counts.layers).flatMap { layer, count in
      (0..<count).map { replica in
        var result = layer
        result.name = names.name(layer.name, replica: replica)
        result.sources = layer.sources.map { place($0, replica: replica) }
        return result
      }
    }
    names = ReplicaNames(outputs.map(\.name))
    network.outputs = zip(outputs, replicas).flatMap { output, count in
      (0..<count).map { Output(name: names.name(output.name, replica: $0), layer: firstLayers[output.layer] + $0) }
    }
    return network
  }

  /// Frames dealt by turns to the replicas of the inputs: as many frames as there are replicas make one of the
  /// replicated network. A last one that is not complete is left out.
  public func dealt(_ frames: [[[Int32]]], to replicas: [String: Int]) -> [[[Int32]]] {
    let counts = LayerBatches(self, outputs: outputs.map { replicas[$0.name] ?? 1 }).inputs
    let size = max(1, replicas.values.max() ?? 1)
    return stride(from: 0, through: frames.count - size, by: size).map { first in
      inputs.indices.flatMap { input in (0..<counts[input]).map { frames[first + $0][input] } }
    }
  }

  /// Where the replicas of each begin.
  private static func firsts(_ counts: [Int]) -> [Int] {
    counts.reduce(into: ([Int](), 0)) { result, count in
      result.0.append(result.1)
      result.1 += count
    }.0
  }

  /// Checks how often outputs are wanted.
  func checkCounts(_ counts: [String: Int], of kind: String) throws(PlanError) {
    for (name, count) in counts.sorted(by: { $0.key < $1.key }) {
      guard outputs.contains(where: { $0.name == name }) else {
        throw PlanError(
          "the plan has \(kind) for an output '\(name)', but the network's outputs are "
            + outputs.map(\.name).joined(separator: ", "))
      }
      guard (1...Plan.largestBatch).contains(count) else {
        throw PlanError(
          "the plan has \(kind) of \(count) for the output '\(name)'; give it one from 1 to \(Plan.largestBatch)")
      }
    }
  }
}

/// Names for replicas, each once: the first has the original's.
private struct ReplicaNames {
  private var taken: Set<String>

  init(_ originals: [String]) { taken = Set(originals.map { $0.lowercased() }) }

  mutating func name(_ original: String, replica: Int) -> String {
    guard replica > 0 else { return original }
    var candidate = "\(original)_\(replica + 1)"
    while !taken.insert(candidate.lowercased()).inserted { candidate += "_replica" }
    return candidate
  }
}
