/// A neural network as a model file describes it: operators on feature maps, with float32 numbers
/// or, between `QuantizeLinear` and `DequantizeLinear`, integer codes.
///
/// Shapes are known and constants are folded into the nodes that use them. Values fork wherever several
/// nodes read them, and join in ``Operation/sum`` and ``Operation/concatenate``.
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
    /// Whether files give it as a vector, [1, channels], rather than as a map, [1, channels, height, width].
    public var isVector: Bool

    /// Creates an input, a map of float32 unless told otherwise; a vector has a height and width of 1.
    public init(name: String, shape: MapShape, storage: Quantization.Storage? = nil, isVector: Bool = false) {
      self.name = name
      self.shape = shape
      self.storage = storage
      self.isVector = isVector
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

  /// One operation.
  public struct Node: Hashable, Sendable {
    /// As in the model; any text.
    public var name: String
    /// What is done.
    public var operation: Operation
    /// What is read: one value, or for a joining operation two or more.
    public var sources: [Source]
    /// Shape of the result.
    public var shape: MapShape
    /// Whether files give the result as a vector, [1, channels].
    public var isVector: Bool

    /// Creates a node.
    ///
    /// - Precondition: there is a source.
    public init(name: String, operation: Operation, sources: [Source], shape: MapShape, isVector: Bool = false) {
      precondition(!sources.isEmpty, "node '\(name)' reads nothing")
      self.name = name
      self.operation = operation
      self.sources = sources
      self.shape = shape
      self.isVector = isVector
    }

    /// The only value that is read, or the first.
    public var source: Source { sources[0] }
  }

  /// What a node does.
  public enum Operation: Hashable, Sendable {
    /// A convolution; weights are output channel x input channel x kernel row x kernel column, the
    /// bias has one value for each output channel. With `groups` above 1, channels are split into that
    /// many equal parts and each part of the outputs reads its part of the inputs alone.
    case convolution(weights: Parameter, bias: Parameter?, window: ConvolutionWindow, groups: Int = 1)
    /// Every output is a weighted sum of all elements: weights are output x element, elements in
    /// channel, row, column order.
    case fullyConnected(weights: Parameter, bias: Parameter?)
    /// Max pooling: the greatest element in each window of each channel; padding never is.
    case maximum(window: ConvolutionWindow)
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
    /// Adds maps of one shape, element by element.
    case sum
    /// Joins maps of one height and width: their channels follow each other.
    case concatenate
    /// The same elements in the same order, as a map of another shape.
    case reshape(MapShape)
    /// The same elements in the same order, as a vector.
    case flatten
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

  /// Whether a value is a vector, [1, channels] in a file: an input that is given as one, and what follows it up
  /// to a reshape.
  public func isVector(_ source: Source) -> Bool {
    switch source {
    case .input(let index): inputs[index].isVector
    case .node(let index): nodes[index].isVector
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

  /// The nodes that a value depends on, in order.
  public func nodes(leadingTo source: Source) -> [Int] {
    var found: Set<Int> = []
    var open = [source]
    while let next = open.popLast() {
      if case .node(let index) = next, found.insert(index).inserted { open += nodes[index].sources }
    }
    return found.sorted()
  }

  /// Appends a node that reads one value and gives its own. The shape follows from the operation.
  ///
  /// - Throws: ``NetworkError`` if the operation does not fit the map that it reads.
  @discardableResult
  public mutating func append(
    _ operation: Operation, named name: String, after source: Source
  ) throws(NetworkError) -> Source {
    try append(operation, named: name, joining: [source])
  }

  /// Appends a node that joins values and gives its own. The shape follows from the operation.
  ///
  /// - Throws: ``NetworkError`` if the operation does not fit the maps that it reads.
  @discardableResult
  public mutating func append(
    _ operation: Operation, named name: String, joining sources: [Source]
  ) throws(NetworkError) -> Source {
    try append(operation, named: name, joining: sources, at: "node \(quoted(name))")
  }

  mutating func append(
    _ operation: Operation, named name: String, joining sources: [Source], at place: String
  ) throws(NetworkError) -> Source {
    let shape = try operation.outputShape(
      on: sources.map { (shape: self.shape(of: $0), isVector: self.isVector($0)) }, at: place)
    let isFlat =
      switch operation {
      case .flatten, .fullyConnected: true
      case .reshape: false
      default: isVector(sources[0])
      }
    nodes.append(Node(name: name, operation: operation, sources: sources, shape: shape, isVector: isFlat))
    return .node(nodes.count - 1)
  }
}
