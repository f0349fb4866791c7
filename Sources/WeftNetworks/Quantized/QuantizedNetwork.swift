/// A network of integers: what the hardware computes, layer by layer.
///
/// Lowered from a ``Network`` by quantisation, or written by hand. Every layer is one stage and comes after the layers
/// that feed it.
public struct QuantizedNetwork: Hashable, Sendable {
  /// An input of the network.
  public struct Input: Hashable, Sendable {
    /// As in the model; any text.
    public var name: String
    /// Shape of one frame.
    public var shape: MapShape
    /// How its codes stand for reals.
    public var quantization: Quantization

    /// Creates an input.
    public init(name: String, shape: MapShape, quantization: Quantization) {
      self.name = name
      self.shape = shape
      self.quantization = quantization
    }
  }

  /// An output of the network, always a layer's result.
  public struct Output: Hashable, Sendable {
    /// As in the model; any text.
    public var name: String
    /// Index of the layer that produces it.
    public var layer: Int

    /// Creates an output.
    public init(name: String, layer: Int) {
      self.name = name
      self.layer = layer
    }
  }

  /// As in the model; any text.
  public var name: String
  /// The inputs, in the model's order.
  public var inputs: [Input]
  /// The layers in topological order.
  public var layers: [QuantizedLayer]
  /// The outputs, in the model's order.
  public var outputs: [Output]

  /// Creates a network.
  ///
  /// - Precondition: every index is in range, and every layer's sources are inputs or earlier layers that have the
  ///   elements and the quantisation that the layer reads.
  public init(name: String, inputs: [Input], layers: [QuantizedLayer], outputs: [Output]) {
    for (index, layer) in layers.enumerated() {
      var count = 0
      for source in layer.sources {
        let (shape, quantization): (MapShape, Quantization)
        switch source {
        case .input(let input): (shape, quantization) = (inputs[input].shape, inputs[input].quantization)
        case .layer(let source):
          precondition(source < index, "layer '\(layer.name)' reads a later layer")
          (shape, quantization) = (layers[source].outputShape, layers[source].outputQuantization)
        }
        precondition(quantization == layer.inputQuantization, "layer '\(layer.name)' does not fit what feeds it")
        count += shape.count
      }
      precondition(count == layer.inputShape.count, "layer '\(layer.name)' does not fit what feeds it")
    }
    for output in outputs { precondition(layers.indices.contains(output.layer)) }
    self.name = name
    self.inputs = inputs
    self.layers = layers
    self.outputs = outputs
  }

  /// Multiply-accumulates of one frame, all layers.
  public var macs: Int { layers.reduce(0) { $0 + $1.macs } }

  /// The shape of a source.
  public func shape(of source: LayerSource) -> MapShape {
    switch source {
    case .input(let index): inputs[index].shape
    case .layer(let index): layers[index].outputShape
    }
  }

  /// The layers that read a source, in order.
  public func consumers(of source: LayerSource) -> [Int] {
    layers.indices.filter { layers[$0].sources.contains(source) }
  }

  /// The same network with the result of every layer as an output, in the order of the layers.
  public var probed: QuantizedNetwork {
    var probed = self
    probed.outputs = layers.indices.map { Output(name: layers[$0].name, layer: $0) }
    return probed
  }
}
