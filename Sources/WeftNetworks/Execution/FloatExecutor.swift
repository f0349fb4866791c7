/// Computes a network in float32, stage by stage: what a quantised one is measured against.
///
/// Integer weights and biases of a QDQ model count with their real values; maps are not rounded to codes.
public struct FloatExecutor {
  private let network: Network
  private let graph: StageGraph
  private let stages: FloatStages

  /// Prepares a network for any number of frames.
  ///
  /// - Throws: ``NetworkError`` for a form that does not lower to convolution stages.
  public init(_ network: Network) throws(NetworkError) {
    self.network = network
    graph = try StageGraph(network)
    stages = FloatStages(graph)
  }

  /// Computes one frame.
  ///
  /// - Parameter inputs: the values of every input, in channel, row, column order.
  /// - Returns: the values of every output, in the same order.
  /// - Throws: ``NetworkError`` if an input has another number of values than its shape asks for.
  public func run(_ inputs: [[Float]]) throws(NetworkError) -> [[Float]] {
    guard inputs.map(\.count) == network.inputs.map(\.shape.count) else {
      throw NetworkError(
        "frame", "\(inputs.map(\.count)) values do not fill the inputs",
        cure: "they take \(network.inputs.map(\.shape.count))")
    }
    var maps: [Int: [Float]] = [:]
    let wanted = Set(graph.outputs)
    stages.run(inputs) { index, map in if wanted.contains(index) { maps[index] = map } }
    return graph.outputs.map { maps[$0] ?? [] }
  }
}
