/// All the layers that one output needs.
public struct Branch: Hashable, Sendable {
  /// Index of the output.
  public var output: Int
  /// Indices of the inputs that the layers read.
  public var inputs: [Int]
  /// Indices of the layers, in an order of the data.
  public var layers: [Int]
  /// How many of `layers`, counted from the first, other branches need as well.
  public var sharedCount: Int

  /// The trunk.
  public var shared: ArraySlice<Int> { layers[..<sharedCount] }
  /// The layers of this branch alone.
  public var own: ArraySlice<Int> { layers[sharedCount...] }
}

extension QuantizedNetwork {
  /// One branch for each output; an output from the middle of another's layers gives a branch that is all trunk.
  public var branches: [Branch] {
    let needed = outputs.map { output in
      var found: Set<LayerSource> = []
      var open = [LayerSource.layer(output.layer)]
      while let next = open.popLast() {
        if found.insert(next).inserted, case .layer(let index) = next { open += layers[index].sources }
      }
      return found
    }
    var uses: [LayerSource: Int] = [:]
    for source in needed.joined() { uses[source, default: 0] += 1 }
    return needed.enumerated().map { output, sources in
      let own = layers.indices.filter { sources.contains(.layer($0)) }
      // What a shared layer reads is shared, so that the shared ones may come first.
      let shared = own.filter { uses[.layer($0), default: 0] > 1 }
      return Branch(
        output: output, inputs: inputs.indices.filter { sources.contains(.input($0)) },
        layers: shared + own.filter { uses[.layer($0), default: 0] == 1 }, sharedCount: shared.count)
    }
  }
}
