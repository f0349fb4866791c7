/// The chain of layers from an input to one output.
public struct Branch: Hashable, Sendable {
  /// Index of the output.
  public var output: Int
  /// Index of the input that the chain begins with.
  public var input: Int
  /// Indices of the layers, in the order of the data.
  public var layers: [Int]
  /// How many of `layers`, counted from the first, other branches run through as well.
  public var sharedCount: Int

  /// The trunk.
  public var shared: ArraySlice<Int> { layers[..<sharedCount] }
  /// The layers of this branch alone.
  public var own: ArraySlice<Int> { layers[sharedCount...] }
}

extension QuantizedNetwork {
  /// One branch for each output. Forks never rejoin, so that each is a chain; an output from the
  /// middle of another's chain gives a branch that is all trunk.
  public var branches: [Branch] {
    let chains = outputs.map { output in
      var chain = [output.layer]
      var input = 0
      walk: while true {
        switch layers[chain[chain.count - 1]].source {
        case .layer(let source): chain.append(source)
        case .input(let index):
          input = index
          break walk
        }
      }
      return (input: input, layers: Array(chain.reversed()))
    }
    var uses = Array(repeating: 0, count: layers.count)
    for chain in chains { for layer in chain.layers { uses[layer] += 1 } }
    return chains.enumerated().map { output, chain in
      Branch(
        output: output, input: chain.input, layers: chain.layers,
        sharedCount: chain.layers.prefix { uses[$0] > 1 }.count)
    }
  }
}
