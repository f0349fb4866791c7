/// Computes a quantised network exactly as ``QuantizedLayer`` defines it, from the original weights
/// and with upsampling by index: the standard that hardware is compared with.
public struct ReferenceExecutor: Sendable {
  /// The network.
  public let network: QuantizedNetwork
  private let layers: [PreparedLayer]

  /// Prepares a network for any number of frames.
  ///
  /// - Throws: ``NetworkError`` if a layer needs an accumulator of more than 62 bits.
  public init(_ network: QuantizedNetwork) throws(NetworkError) {
    self.network = network
    var layers: [PreparedLayer] = []
    for layer in network.layers {
      try layer.checkAccumulator()
      layers.append(PreparedLayer(layer))
    }
    self.layers = layers
  }

  /// Computes one frame.
  ///
  /// - Parameter inputs: the hardware codes of every input, in channel, row, column order.
  /// - Returns: the codes of every output, in the same order.
  /// - Throws: ``NetworkError`` if an input has another number of codes than its shape asks for, or
  ///   a code that its quantisation does not have.
  public func run(_ inputs: [[Int32]]) throws(NetworkError) -> [[Int32]] {
    let maps = try maps(inputs, keepingAll: false)
    return network.outputs.map { maps[$0.layer] }
  }

  /// Computes one frame and gives the result of every layer.
  ///
  /// - Parameter inputs: as for ``run(_:)``.
  /// - Throws: as ``run(_:)``.
  public func maps(_ inputs: [[Int32]]) throws(NetworkError) -> [[Int32]] {
    try maps(inputs, keepingAll: true)
  }

  private func maps(_ inputs: [[Int32]], keepingAll: Bool) throws(NetworkError) -> [[Int32]] {
    guard inputs.count == network.inputs.count else {
      throw NetworkError(
        "network \(quoted(network.name))",
        "it has \(network.inputs.count) inputs, but \(inputs.count) are given")
    }
    for (input, codes) in zip(network.inputs, inputs) {
      let place = "input \(quoted(input.name))"
      guard codes.count == input.shape.count else {
        throw NetworkError(
          place, "it takes \(input.shape.count) codes, \(input.shape), but \(codes.count) are given")
      }
      let range = input.quantization.codes
      if let code = codes.first(where: { !range.contains(Int($0)) }) {
        throw NetworkError(
          place, "the code \(input.quantization.stored(Int(code))) does not fit"
            + " \(input.quantization.codeDescription)")
      }
    }
    var maps: [[Int32]] = []
    var open = Array(repeating: 0, count: network.layers.count)
    for case .layer(let source) in network.layers.flatMap(\.sources) { open[source] += 1 }
    for output in network.outputs { open[output.layer] += 1 }
    for (index, layer) in network.layers.enumerated() {
      let read = layer.sources.map { source in
        switch source {
        case .input(let input): inputs[input]
        case .layer(let source): maps[source]
        }
      }
      maps.append(layers[index].run(read.count == 1 ? read[0] : Array(read.joined())))
      for case .layer(let source) in layer.sources {
        open[source] -= 1
        if open[source] == 0, !keepingAll { maps[source] = [] }
      }
    }
    return maps
  }
}

extension QuantizedLayer {
  /// The widest accumulator: that of any weights and activations of 16 bits that a file has room for is narrower.
  static let widestAccumulator = 62

  func checkAccumulator() throws(NetworkError) {
    guard accumulatorBits <= Self.widestAccumulator else {
      throw NetworkError(
        "layer \(quoted(name))", "its sums need \(accumulatorBits) bits",
        cure: "accumulators may have \(Self.widestAccumulator) bits: use fewer bits for activations"
          + " or weights")
    }
  }
}
