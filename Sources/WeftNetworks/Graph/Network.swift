/// A neural network as a model file describes it: operators on feature maps, with float32 numbers
/// or, between `QuantizeLinear` and `DequantizeLinear`, integer codes.
///
/// Shapes are known, constants are folded into the nodes that use them, and every node reads one
/// map: values may fork but do not join.
public struct Network: Hashable, Sendable {
  /// Where a value comes from.
  public enum Source: Hashable, Sendable {
    /// The network's input of this index.
    case input(Int)
    /// The result of the node of this index.
    case node(Int)
  }

  /// An input of the network.
  public struct Input: Hashable, Sendable {
    /// As in the model; any text.
    public var name: String
    /// Shape of one frame.
    public var shape: MapShape
    /// The integer type of an input that takes codes; nil for float32.
    public var storage: Quantization.Storage?

    /// Creates an input, of float32 unless told otherwise.
    public init(name: String, shape: MapShape, storage: Quantization.Storage? = nil) {
      self.name = name
      self.shape = shape
      self.storage = storage
    }
  }

  /// An output of the network.
  public struct Output: Hashable, Sendable {
    /// As in the model; any text.
    public var name: String
    /// What it shows.
    public var source: Source

    /// Creates an output.
    public init(name: String, source: Source) {
      self.name = name
      self.source = source
    }
  }

  /// One operation on one map.
  public struct Node: Hashable, Sendable {
    /// As in the model; any text.
    public var name: String
    /// What is done.
    public var operation: Operation
    /// What is read.
    public var source: Source
    /// Shape of the result.
    public var shape: MapShape

    /// Creates a node.
    public init(name: String, operation: Operation, source: Source, shape: MapShape) {
      self.name = name
      self.operation = operation
      self.source = source
      self.shape = shape
    }
  }

  /// What a node does.
  public enum Operation: Hashable, Sendable {
    /// A convolution; weights are output channel x input channel x kernel row x kernel column, the
    /// bias has one value for each output channel.
    case convolution(weights: Parameter, bias: Parameter?, window: ConvolutionWindow)
    /// Multiplies values below 0 by a slope: one for all channels or one for each. 0 is ReLU.
    case rectify(slopes: [Float])
    /// Limits values to `lower` ... `upper`, which may be infinite.
    case clip(lower: Float, upper: Float)
    /// Adds one constant, one for each channel, or one for each element.
    case add(Parameter)
    /// Nearest-neighbour upsampling.
    case upsample(Upsampling)
    /// Adds rows and columns of zeros.
    case pad(Padding)
    /// From float32 to codes.
    case quantize(Quantization)
    /// From codes to float32.
    case dequantize(Quantization)
  }

  /// The graph's name.
  public var name: String
  /// The inputs, in the model's order.
  public var inputs: [Input]
  /// The nodes, each after what it reads.
  public var nodes: [Node]
  /// The outputs, in the model's order.
  public var outputs: [Output]

  /// Creates a network.
  public init(name: String, inputs: [Input], nodes: [Node] = [], outputs: [Output] = []) {
    self.name = name
    self.inputs = inputs
    self.nodes = nodes
    self.outputs = outputs
  }

  /// The shape of a value.
  public func shape(of source: Source) -> MapShape {
    switch source {
    case .input(let index): inputs[index].shape
    case .node(let index): nodes[index].shape
    }
  }

  /// Whether the network holds quantised convolutions, that is, computes with integers as it is.
  public var isQuantized: Bool {
    nodes.contains { node in
      switch node.operation {
      case .quantize, .dequantize: true
      default: false
      }
    }
  }

  /// Appends a node and gives its value. The shape follows from the operation.
  ///
  /// - Throws: ``NetworkError`` if the operation does not fit the map that it reads.
  @discardableResult
  public mutating func append(
    _ operation: Operation, named name: String, after source: Source
  ) throws(NetworkError) -> Source {
    let shape = try operation.outputShape(on: shape(of: source), at: "node \(quoted(name))")
    nodes.append(Node(name: name, operation: operation, source: source, shape: shape))
    return .node(nodes.count - 1)
  }
}
