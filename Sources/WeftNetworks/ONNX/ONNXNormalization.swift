// Operators that scale channels, folded into the convolution before them, and what else is a convolution.
extension ONNXImporter {
  /// Batch normalisation with the statistics of training.
  mutating func normalize(_ node: ONNXNode, _ source: Network.Source, _ shape: MapShape) throws(NetworkError) -> Value {
    guard node.integer("training_mode", default: 0) == 0 else {
      throw node.error("it is in training mode", cure: "export the model for inference")
    }
    let epsilon = node.real("epsilon", default: 1e-5)
    var constants: [[Float]] = []
    for (index, meaning) in ["scale", "bias", "mean", "variance"].enumerated() {
      guard let tensor = try constant(index + 1, of: node, meaning), tensor.count == shape.channels else {
        throw node.error("its \(meaning) does not have one value for each of \(shape.channels) channels")
      }
      constants.append(tensor.reals)
    }
    let scales = (0..<shape.channels).map { constants[0][$0] / (constants[3][$0] + epsilon).squareRoot() }
    let offsets = (0..<shape.channels).map { constants[1][$0] - constants[2][$0] * scales[$0] }
    return try scale(node, source, shape, by: scales, adding: offsets, isExclusive: isExclusive(0, of: node))
  }

  /// A product with a constant: one, or one for each channel.
  mutating func scale(_ node: ONNXNode, map index: Int, constant constantIndex: Int) throws(NetworkError) -> Value {
    let (source, codes, shape) = try map(index, of: node)
    guard codes == nil else { throw node.error("it reads integer codes", cure: "put a DequantizeLinear before it") }
    guard let constant = try constant(constantIndex, of: node, "factor"),
      constant.count == 1 || dimensions(of: constant, beside: source) == [1, shape.channels, 1, 1]
    else {
      throw node.error(
        "its factors do not fit the map \(shape)", cure: "multiply by one value, or one for each channel")
    }
    let scales = constant.count == 1 ? Array(repeating: constant.reals[0], count: shape.channels) : constant.reals
    return try scale(node, source, shape, by: scales, adding: nil, isExclusive: isExclusive(index, of: node))
  }

  /// Multiplies channels and adds to them: in the weights and the bias of the convolution that makes the map, where
  /// nothing else reads that, or in a convolution of one element and one channel a group.
  private mutating func scale(
    _ node: ONNXNode, _ source: Network.Source, _ shape: MapShape, by scales: [Float], adding offsets: [Float]?,
    isExclusive: Bool
  ) throws(NetworkError) -> Value {
    guard (scales + (offsets ?? [])).allSatisfy(\.isFinite) else {
      throw node.error("a factor or constant is not a finite number")
    }
    if isExclusive, case .node(let index) = source,
      let folded = network.nodes[index].operation.scaled(by: scales, adding: offsets)
    {
      network.nodes[index].operation = folded
      return .map(source, codes: nil)
    }
    guard !network.isVector(source) else {
      throw node.error("it scales a vector that no Gemm makes", cure: "fold it into the weights of the next Gemm")
    }
    return try append(
      .convolution(
        weights: .reals(scales), bias: offsets.map { .reals($0) }, window: .pointwise, groups: shape.channels),
      node, source)
  }

  /// Gemm or MatMul of a vector with constant weights.
  mutating func fullyConnected(_ node: ONNXNode, _ source: Network.Source, _ shape: MapShape) throws(NetworkError)
    -> Value
  {
    guard network.isVector(source) else {
      throw node.error("it reads the map \(shape)", cure: "flatten it to a vector first")
    }
    guard case .map? = try input(0, of: node), let weights = try constant(1, of: node, "weight") else {
      throw node.error("its weights come first", cure: "the vector is the first input, the weights are the second")
    }
    let isGemm = node.type == "Gemm"
    let (alpha, beta) = isGemm ? (node.real("alpha", default: 1), node.real("beta", default: 1)) : (1, 1)
    guard !isGemm || node.integer("transA", default: 0) == 0 else {
      throw node.error("transA is set", cure: "the vector is read as it is: [1, elements]")
    }
    let isTransposed = isGemm && node.integer("transB", default: 0) != 0
    let dimensions = weights.dimensions
    guard dimensions.count == 2, weights.count > 0, dimensions[isTransposed ? 1 : 0] == shape.channels else {
      throw node.error("its weights have the shape \(dimensions), but the vector has \(shape.channels) elements")
    }
    let rows = isTransposed ? weights : weights.transposed
    let outputs = rows.dimensions[0]
    var bias: Parameter?
    if isGemm, let tensor = try constant(2, of: node, "bias") {
      guard tensor.count == 1 || (tensor.count == outputs && tensor.dimensions.last == outputs) else {
        throw node.error("its bias has the shape \(tensor.dimensions), but there are \(outputs) outputs")
      }
      bias = tensor.count == outputs
        ? tensor.parameter(channelAxis: tensor.dimensions.count - 1)
        : .reals(Array(repeating: tensor.reals[0], count: outputs))
    }
    guard weights.values.areFinite, bias?.reals.allSatisfy(\.isFinite) ?? true, alpha.isFinite, beta.isFinite else {
      throw node.error("a weight or bias is not a finite number")
    }
    var parameter = rows.parameter(channelAxis: 0)
    if alpha != 1 { parameter = .reals(parameter.reals.map { $0 * alpha }) }
    if beta != 1 { bias = bias.map { .reals($0.reals.map { $0 * beta }) } }
    return try append(.fullyConnected(weights: parameter, bias: bias), node, source)
  }

  /// Max pooling; rounding up is padding that no window starts in.
  mutating func maximum(_ node: ONNXNode, _ source: Network.Source, _ shape: MapShape) throws(NetworkError) -> Value {
    guard node.outputs.dropFirst().allSatisfy(\.isEmpty) else {
      throw node.error("it gives the places of the greatest elements as well", cure: "their values are supported")
    }
    guard let kernel = node.integers("kernel_shape"), kernel.count == 2,
      kernel.allSatisfy({ (1...NetworkLimits.window).contains($0) })
    else {
      throw node.error("kernel_shape is not a height and a width", cure: "windows of two dimensions are supported")
    }
    let dilations = node.integers("dilations") ?? [1, 1]
    guard dilations.allSatisfy({ $0 == 1 }) else {
      throw node.error("dilations are \(dilations)", cure: "dilation 1 is supported")
    }
    let strides = try strides(node)
    var padding = try padding(node, kernel: (kernel[0], kernel[1]), strides: strides, shape)
    if node.integer("ceil_mode", default: 0) != 0 {
      padding.bottom += Self.ceiling(shape.height, padding.top, padding.bottom, kernel[0], strides[0])
      padding.right += Self.ceiling(shape.width, padding.left, padding.right, kernel[1], strides[1])
    }
    let window = ConvolutionWindow(
      kernelHeight: kernel[0], kernelWidth: kernel[1], strideVertical: strides[0], strideHorizontal: strides[1],
      padding: padding)
    return try append(.maximum(window: window), node, source)
  }

  /// What is padded so that the number of windows is rounded up, as long as the last one starts before the end padding.
  private static func ceiling(_ size: Int, _ before: Int, _ after: Int, _ kernel: Int, _ stride: Int) -> Int {
    let rest = (size + before + after - kernel) % stride
    guard size + before + after >= kernel, rest != 0 else { return 0 }
    let start = size + before + after - kernel - rest + stride
    return start < size + before ? stride - rest : 0
  }
}

extension Network.Operation {
  /// The operation with its outputs scaled and added to, or nil where its weights do not allow that.
  fileprivate func scaled(by scales: [Float], adding offsets: [Float]?) -> Network.Operation? {
    func scaled(_ weights: Parameter, _ bias: Parameter?) -> (weights: Parameter, bias: Parameter?)? {
      guard case .reals(let values) = weights, !(bias?.isQuantized ?? false), scales.count > 0 else { return nil }
      let block = values.count / scales.count
      var sums = bias.map { zip($0.reals, scales).map { $0 * $1 } }
      if let offsets { sums = zip(sums ?? Array(repeating: 0, count: scales.count), offsets).map { $0 + $1 } }
      return (.reals(values.indices.map { values[$0] * scales[$0 / block] }), sums.map { .reals($0) })
    }
    switch self {
    case .convolution(let weights, let bias, let window, let groups):
      return scaled(weights, bias).map {
        .convolution(weights: $0.weights, bias: $0.bias, window: window, groups: groups)
      }
    case .fullyConnected(let weights, let bias):
      return scaled(weights, bias).map { .fullyConnected(weights: $0.weights, bias: $0.bias) }
    default: return nil
    }
  }
}

extension ONNXTensor {
  /// A matrix with rows and columns exchanged.
  fileprivate var transposed: ONNXTensor {
    guard dimensions.count == 2 else { return self }
    let (rows, columns) = (dimensions[0], dimensions[1])
    func turned<T>(_ values: [T]) -> [T] {
      var result: [T] = []
      result.reserveCapacity(values.count)
      for column in 0..<columns { for row in 0..<rows { result.append(values[row * columns + column]) } }
      return result
    }
    var result = self
    result.dimensions = [columns, rows]
    switch values {
    case .reals(let values): result.values = .reals(turned(values))
    case .integers(let values): result.values = .integers(turned(values))
    case .quantized(let values, let scales, let axis):
      result.values = .quantized(turned(values), scales: scales, axis: 1 - axis)
    }
    return result
  }
}
