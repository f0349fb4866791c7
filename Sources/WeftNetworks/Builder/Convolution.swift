/// A convolution.
public struct Convolution: NetworkElement {
  /// What is added to the sums.
  public enum Biases: Hashable, Sendable {
    /// Nothing.
    case none
    /// One value for each output channel.
    case tied
    /// One value for each output element.
    case untied
  }

  private let channels: Int
  private let window: ConvolutionWindow
  private let groups: Int
  private let biases: Biases
  private let weights: [Float]?
  private let biasValues: [Float]?
  private let name: String?

  /// A convolution to `channels` output channels.
  ///
  /// - Parameters:
  ///   - kernel: height and width of the kernel.
  ///   - stride: rows and columns from one window to the next.
  ///   - padding: nil for as much as keeps the size of the map at stride 1.
  ///   - groups: equal parts of the channels that are convolved each for itself.
  ///   - biases: what is added.
  ///   - weights: output channel x input channel x kernel row x kernel column; random ones where left out.
  ///   - biasValues: as many as `biases` asks for; random ones where left out.
  ///   - name: of the node.
  public init(
    _ channels: Int, kernel: Int, stride: Int = 1, padding: Padding? = nil, groups: Int = 1, biases: Biases = .tied,
    weights: [Float]? = nil, biasValues: [Float]? = nil, name: String? = nil
  ) {
    let before = max(kernel - 1, 0) / 2
    let after = max(kernel, 0) / 2
    self.channels = channels
    window = ConvolutionWindow(
      kernelHeight: kernel, kernelWidth: kernel, strideVertical: stride, strideHorizontal: stride,
      padding: padding ?? Padding(top: before, left: before, bottom: after, right: after))
    self.groups = groups
    self.biases = biases
    self.weights = weights
    self.biasValues = biasValues
    self.name = name
  }

  public func append(to network: inout NetworkAssembly) throws(NetworkError) {
    let name = name ?? network.defaultName("Conv")
    let inputs = try network.shape().channels / max(groups, 1)
    let taps = inputs * window.kernelHeight * window.kernelWidth
    let parameter = try network.weights(weights, outputs: channels, inputs: taps)
    guard parameter.count == channels * taps else {
      throw NetworkError(
        "Conv \(quoted(name))", "it has \(parameter.count) weights",
        cure: "give \(channels) x \(inputs) x \(window.kernelHeight) x \(window.kernelWidth)")
    }
    var bias: Parameter?
    if biases == .tied { bias = try network.biases(biasValues, [channels]) }
    try network.append(.convolution(weights: parameter, bias: bias, window: window, groups: groups), named: name)
    if biases == .untied {
      let shape = try network.shape()
      let values = try network.biases(biasValues, [channels, shape.height, shape.width])
      guard values.count == shape.count else {
        throw NetworkError("Conv \(quoted(name))", "it has \(values.count) biases", cure: "give \(shape)")
      }
      try network.append(.add(values), named: name + "_bias")
    }
  }
}

/// Weighted sums of all elements: a fully connected layer.
public struct FullyConnected: NetworkElement {
  private let outputs: Int
  private let weights: [Float]?
  private let biases: [Float]?
  private let name: String?

  /// A layer of `outputs` sums, each with a bias.
  ///
  /// - Parameters:
  ///   - weights: output x element; random ones where left out.
  ///   - biases: one for each output; random ones where left out.
  ///   - name: of the node.
  public init(_ outputs: Int, weights: [Float]? = nil, biases: [Float]? = nil, name: String? = nil) {
    self.outputs = outputs
    self.weights = weights
    self.biases = biases
    self.name = name
  }

  public func append(to network: inout NetworkAssembly) throws(NetworkError) {
    let elements = try network.shape().count
    let parameter = try network.weights(weights, outputs: outputs, inputs: elements)
    let bias = try network.biases(biases, [outputs])
    try network.append(.fullyConnected(weights: parameter, bias: bias), named: name)
  }
}

extension NetworkAssembly {
  /// The weights that are given, or random ones that keep the power of what passes through them and a rectifier.
  fileprivate mutating func weights(_ given: [Float]?, outputs: Int, inputs: Int) throws(NetworkError) -> Parameter {
    if let given { return .reals(given) }
    return try randomValues([outputs, inputs], within: (6 / Float(max(inputs, 1))).squareRoot())
  }

  /// The biases that are given, or small random ones.
  fileprivate mutating func biases(_ given: [Float]?, _ sizes: [Int]) throws(NetworkError) -> Parameter {
    if let given { return .reals(given) }
    return try randomValues(sizes, within: 0.1)
  }
}
