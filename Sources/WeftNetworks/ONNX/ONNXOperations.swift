// Operators on one feature map.
extension ONNXImporter {
  /// The value of a node that reads one feature map and constants.
  mutating func operation(_ node: ONNXNode) throws(NetworkError) -> Value {
    let type = node.type
    guard Self.operators.contains(type) else {
      throw node.error(
        "the operator \(quoted(type)) is not supported",
        cure: "supported are " + Self.operators.sorted().joined(separator: ", "))
    }
    if ["Add", "Mul"].contains(type), case .constant? = try input(0, of: node) {
      return try type == "Add" ? add(node, map: 1, constant: 0) : scale(node, map: 1, constant: 0)
    }
    let (source, codes, shape) = try map(0, of: node)
    if codes != nil, !Self.codeOperators.contains(type) {
      throw node.error(
        "it reads integer codes", cure: "put a DequantizeLinear before it")
    }
    switch type {
    case "Conv": return try convolution(node, source, shape)
    case "Gemm", "MatMul": return try fullyConnected(node, source, shape)
    case "MaxPool": return try maximum(node, source, shape)
    case "BatchNormalization": return try normalize(node, source, shape)
    case "Relu": return try append(.rectify(slopes: [0]), node, source)
    case "LeakyRelu":
      return try append(.rectify(slopes: [node.real("alpha", default: 0.01)]), node, source)
    case "PRelu": return try rectifier(node, source, shape)
    case "Clip": return try clip(node, source)
    case "Add": return try add(node, map: 0, constant: 1)
    case "Mul": return try scale(node, map: 0, constant: 1)
    case "Reshape", "Flatten", "Squeeze", "Unsqueeze": return try reshape(node, source)
    case "Resize", "Upsample": return try resize(node, source, codes, shape)
    case "Pad": return try pad(node, source)
    case "QuantizeLinear":
      let (quantization, source) = limited(try quantization(node), node, source)
      return .map(
        try network.append(.quantize(quantization), named: node.name, joining: [source], at: node.place),
        codes: quantization.storage)
    case "DequantizeLinear":
      let quantization = try quantization(node, madeBy: quantization(behind: source))
      guard codes == quantization.storage else {
        throw node.error(
          codes == nil
            ? "it reads float32 numbers" : "its zero point has another type than the codes it reads",
          cure: "DequantizeLinear reads what a QuantizeLinear of the same type made")
      }
      return try append(.dequantize(quantization), node, source)
    default: return .map(source, codes: codes)
    }
  }

  private static let operators: Set = [
    "Conv", "Gemm", "MatMul", "MaxPool", "BatchNormalization", "Relu", "LeakyRelu", "PRelu", "Clip", "Add", "Sum",
    "Mul", "Concat", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Resize", "Upsample", "Pad", "Identity", "Dropout",
    "QuantizeLinear", "DequantizeLinear",
  ]
  /// Those that may read integer codes.
  private static let codeOperators: Set = ["DequantizeLinear", "Identity", "Dropout", "Resize", "Upsample"]

  mutating func append(
    _ operation: Network.Operation, _ node: ONNXNode, _ source: Network.Source
  ) throws(NetworkError) -> Value {
    .map(try network.append(operation, named: node.name, joining: [source], at: node.place), codes: nil)
  }

  // MARK: Convolution

  private mutating func convolution(
    _ node: ONNXNode, _ source: Network.Source, _ shape: MapShape
  ) throws(NetworkError) -> Value {
    guard let weights = try constant(1, of: node, "weight") else {
      throw node.error("it has no weights")
    }
    let dimensions = weights.dimensions
    guard dimensions.count == 4, dimensions.allSatisfy({ $0 > 0 }) else {
      throw node.error(
        "its weights have the shape \(dimensions)",
        cure: "two-dimensional convolutions are supported: weights of four dimensions")
    }
    let group = node.integer("group", default: 1)
    guard group > 0, shape.channels % group == 0, dimensions[0] % group == 0 else {
      throw node.error(
        "group is \(group)", cure: "it must divide the \(shape.channels) input and \(dimensions[0]) output channels")
    }
    let kernel = (height: dimensions[2], width: dimensions[3])
    if let declared = node.integers("kernel_shape"), declared != [kernel.height, kernel.width] {
      throw node.error("kernel_shape is \(declared), but the weights have \(dimensions)")
    }
    let dilations = node.integers("dilations") ?? [1, 1]
    guard dilations.count == 2, dilations[0] == 1 || kernel.height == 1,
      dilations[1] == 1 || kernel.width == 1
    else {
      throw node.error(
        "dilations are \(dilations)",
        cure: "dilation 1 is supported: write a larger kernel with zeros")
    }
    guard dimensions[1] == shape.channels / group else {
      throw node.error(
        "its weights take \(dimensions[1]) channels, but the map has \(shape.channels)"
          + (group == 1 ? "" : " in \(group) groups"))
    }
    let strides = try strides(node)
    let padding = try padding(node, kernel: kernel, strides: strides, shape)
    var bias: Parameter?
    if let tensor = try constant(2, of: node, "bias") {
      guard tensor.dimensions.count == 1 else {
        throw node.error("its bias has the shape \(tensor.dimensions)", cure: "give one dimension")
      }
      bias = tensor.parameter(channelAxis: 0)
    }
    guard weights.values.areFinite, bias?.reals.allSatisfy(\.isFinite) ?? true else {
      throw node.error("a weight or bias is not a finite number")
    }
    let window = ConvolutionWindow(
      kernelHeight: kernel.height, kernelWidth: kernel.width, strideVertical: strides[0],
      strideHorizontal: strides[1], padding: padding)
    return try append(
      .convolution(weights: weights.parameter(channelAxis: 0), bias: bias, window: window, groups: group), node, source)
  }

  func strides(_ node: ONNXNode) throws(NetworkError) -> [Int] {
    let strides = node.integers("strides") ?? [1, 1]
    guard strides.count == 2, strides.allSatisfy({ (1...NetworkLimits.window).contains($0) }) else {
      throw node.error("strides are \(strides)", cure: "two strides of 1 or more are supported")
    }
    return strides
  }

  func padding(
    _ node: ONNXNode, kernel: (height: Int, width: Int), strides: [Int], _ shape: MapShape
  ) throws(NetworkError) -> Padding {
    let mode = node.string("auto_pad", default: "NOTSET")
    switch mode {
    case "NOTSET", "":
      let pads = node.integers("pads") ?? [0, 0, 0, 0]
      guard pads.count == 4, pads.allSatisfy({ (0...NetworkLimits.window).contains($0) }) else {
        throw node.error("pads are \(pads)", cure: "four paddings of 0 or more are supported")
      }
      return Padding(top: pads[0], left: pads[1], bottom: pads[2], right: pads[3])
    case "VALID": return Padding(0)
    case "SAME_UPPER", "SAME_LOWER":
      func total(_ size: Int, _ kernel: Int, _ stride: Int) -> Int {
        max(((size + stride - 1) / stride - 1) * stride + kernel - size, 0)
      }
      let rows = total(shape.height, kernel.height, strides[0])
      let columns = total(shape.width, kernel.width, strides[1])
      let extra = mode == "SAME_LOWER" ? 1 : 0
      let top = (rows + extra) / 2
      let left = (columns + extra) / 2
      return Padding(top: top, left: left, bottom: rows - top, right: columns - left)
    default:
      throw node.error(
        "auto_pad is \(quoted(mode))", cure: "use NOTSET, VALID, SAME_UPPER or SAME_LOWER")
    }
  }

  // MARK: Pointwise operators

  private mutating func rectifier(
    _ node: ONNXNode, _ source: Network.Source, _ shape: MapShape
  ) throws(NetworkError) -> Value {
    guard let slopes = try constant(1, of: node, "slope") else {
      throw node.error("it has no slope")
    }
    guard slopes.count == 1 || dimensions(of: slopes, beside: source) == [1, shape.channels, 1, 1] else {
      throw node.error(
        "its slopes have the shape \(slopes.dimensions)",
        cure: "one slope, or one for each channel, [\(shape.channels), 1, 1], is supported")
    }
    return try append(.rectify(slopes: slopes.reals), node, source)
  }

  private mutating func clip(_ node: ONNXNode, _ source: Network.Source) throws(NetworkError)
    -> Value
  {
    var limits = (
      lower: node.real("min", default: -.infinity), upper: node.real("max", default: .infinity)
    )
    if let tensor = try constant(1, of: node, "lower limit") {
      limits.lower = try scalar(tensor, node, "lower limit")
    }
    if let tensor = try constant(2, of: node, "upper limit") {
      limits.upper = try scalar(tensor, node, "upper limit")
    }
    return try append(.clip(lower: limits.lower, upper: limits.upper), node, source)
  }

  private func scalar(_ tensor: ONNXTensor, _ node: ONNXNode, _ meaning: String)
    throws(NetworkError) -> Float
  {
    guard tensor.count == 1, let value = tensor.reals.first else {
      throw node.error("its \(meaning) has \(tensor.count) values", cure: "give one value")
    }
    return value
  }

  private mutating func add(_ node: ONNXNode, map index: Int, constant constantIndex: Int)
    throws(NetworkError) -> Value
  {
    let (source, codes, shape) = try map(index, of: node)
    guard codes == nil else {
      throw node.error("it reads integer codes", cure: "put a DequantizeLinear before it")
    }
    guard let constant = try constant(constantIndex, of: node, "constant") else {
      throw node.error("it has no second input")
    }
    guard constant.values.areFinite else { throw node.error("a constant is not a finite number") }
    let sizes = [1, shape.channels, shape.height, shape.width]
    let dimensions = dimensions(of: constant, beside: source)
    guard dimensions.count == 4, zip(dimensions, sizes).allSatisfy({ $0 == 1 || $0 == $1 }) else {
      throw node.error(
        "a constant of shape \(constant.dimensions) does not fit the map \(shape)",
        cure: "add one value, [1, channels, 1, 1], or [1, channels, height, width]")
    }
    let parameter: Parameter
    if constant.count == 1 || dimensions == sizes
      || (dimensions[1] == shape.channels && dimensions[2] == 1 && dimensions[3] == 1)
    {
      parameter = constant.parameter(channelAxis: constant.dimensions.count - (network.isVector(source) ? 1 : 3))
    } else {
      try charge(shape.count, to: node)
      let reals = constant.reals
      var expanded: [Float] = []
      expanded.reserveCapacity(shape.count)
      for channel in 0..<shape.channels {
        for row in 0..<shape.height {
          for column in 0..<shape.width {
            let c = dimensions[1] == 1 ? 0 : channel
            let y = dimensions[2] == 1 ? 0 : row
            let x = dimensions[3] == 1 ? 0 : column
            expanded.append(reals[(c * dimensions[2] + y) * dimensions[3] + x])
          }
        }
      }
      parameter = .reals(expanded)
    }
    return try append(.add(parameter), node, source)
  }

  /// The four dimensions of a constant that meets a map, or a vector, element by element.
  func dimensions(of constant: ONNXTensor, beside source: Network.Source) -> [Int] {
    let rank = network.isVector(source) ? 2 : 4
    return Array(repeating: 1, count: max(rank - constant.dimensions.count, 0)) + constant.dimensions
      + Array(repeating: 1, count: 4 - rank)
  }

  private mutating func pad(_ node: ONNXNode, _ source: Network.Source) throws(NetworkError)
    -> Value
  {
    let mode = node.string("mode", default: "constant")
    guard mode == "constant" else {
      throw node.error("mode is \(quoted(mode))", cure: "padding with the constant 0 is supported")
    }
    var value = node.real("value", default: 0)
    if let tensor = try constant(2, of: node, "value") { value = try scalar(tensor, node, "value") }
    guard value == 0 else {
      throw node.error("it pads with \(value)", cure: "padding with the constant 0 is supported")
    }
    let pads =
      try constant(1, of: node, "paddings")?.integers?.map { Int(clamping: $0) }
      ?? node.integers("pads") ?? []
    let axes = try axes(3, of: node, rank: 4) ?? [0, 1, 2, 3]
    guard pads.count == 2 * axes.count else {
      throw node.error("\(pads.count) paddings do not fit \(axes.count) axes")
    }
    var sides = Array(repeating: (begin: 0, end: 0), count: 4)
    for (index, axis) in axes.enumerated() {
      sides[axis] = (pads[index], pads[index + axes.count])
    }
    guard sides[0] == (0, 0), sides[1] == (0, 0) else {
      throw node.error("it pads batch or channels", cure: "rows and columns may be padded")
    }
    return try append(
      .pad(
        Padding(
          top: sides[2].begin, left: sides[3].begin, bottom: sides[2].end, right: sides[3].end)),
      node, source)
  }

  /// Axes given by an input, counted from the end where they are below 0; nil where left out.
  func axes(_ index: Int, of node: ONNXNode, rank: Int) throws(NetworkError) -> [Int]? {
    guard let integers = try constant(index, of: node, "axes")?.integers else { return nil }
    return try normalized(integers.map { Int(clamping: $0) }, rank: rank, node)
  }

  /// Axes counted from 0, each once.
  func normalized(_ axes: [Int], rank: Int, _ node: ONNXNode) throws(NetworkError) -> [Int] {
    guard axes.allSatisfy({ (-rank..<rank).contains($0) }) else {
      throw node.error("axes \(axes) are out of range")
    }
    let result = axes.map { $0 < 0 ? $0 + rank : $0 }
    guard Set(result).count == result.count else { throw node.error("an axis stands twice") }
    return result
  }

  // MARK: Quantisation

  /// The quantisation of an activation: one scale and one zero point.
  ///
  /// - Parameter source: the quantisation that made the codes, which may have fewer bits than their type.
  private func quantization(_ node: ONNXNode, madeBy source: Quantization? = nil) throws(NetworkError) -> Quantization {
    guard let scales = try constant(1, of: node, "scale"), scales.count == 1 else {
      throw node.error(
        "it has no scale, or one for each channel",
        cure: "activations are quantised with one scale for the whole map")
    }
    var type = ONNXTensor.ElementType.uint8
    var zeroPoint: Int64 = 0
    if let tensor = try constant(2, of: node, "zero point") {
      guard tensor.count == 1, let value = tensor.integers?.first else {
        throw node.error("its zero point is not one integer")
      }
      (type, zeroPoint) = (tensor.type, value)
    } else if let declared = ONNXTensor.ElementType(
      rawValue: node.integer("output_dtype", default: 2))
    {
      type = declared
    }
    guard let storage = type.storage else {
      throw node.error(
        "codes of the type \(type) are not supported", cure: "use int8, uint8 or int16")
    }
    let zeroCode = Int(max(min(zeroPoint, 1 << 16), -1 << 16)) - storage.offset
    let bits = source?.storage == storage ? source?.bits : nil
    let quantization = Quantization(
      scale: scales.reals[0], zeroPoint: zeroCode, storage: storage, bits: bits)
    guard quantization.codes.contains(zeroCode) else {
      throw node.error("its zero point \(zeroPoint) is not of its type")
    }
    return quantization
  }

  /// A quantisation whose values a `Clip` of its own has limited to codes of fewer bits, as these codes, and what the
  /// `Clip` reads; any other as it is.
  private mutating func limited(_ quantization: Quantization, _ node: ONNXNode, _ source: Network.Source)
    -> (Quantization, Network.Source)
  {
    guard isExclusive(0, of: node), source == .node(network.nodes.count - 1), let last = network.nodes.last,
      case .clip(let lower, let upper) = last.operation
    else { return (quantization, source) }
    for bits in QuantizationOptions.Bits.range where bits < quantization.bits {
      let narrow = Quantization(
        scale: quantization.scale, zeroPoint: quantization.zeroPoint, storage: quantization.storage, bits: bits)
      guard let limits = narrow.limits, limits.lowerBound == lower, limits.upperBound == upper else { continue }
      network.nodes.removeLast()
      return (narrow, last.source)
    }
    return (quantization, source)
  }

  /// What made the codes of a value, where the graph says so.
  private func quantization(behind source: Network.Source) -> Quantization? {
    guard case .node(let index) = source else { return nil }
    switch network.nodes[index].operation {
    case .quantize(let quantization): return quantization
    case .upsample: return quantization(behind: network.nodes[index].source)
    default: return nil
    }
  }
}

extension ONNXTensor.Values {
  /// Whether no value is infinite or not a number.
  var areFinite: Bool {
    switch self {
    case .reals(let values): values.allSatisfy(\.isFinite)
    case .integers: true
    case .quantized(_, let scales, _): scales.allSatisfy(\.isFinite)
    }
  }
}
