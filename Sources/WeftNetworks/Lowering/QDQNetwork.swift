import Foundation

extension QuantizedNetwork {
  /// The network as an ONNX model in QDQ form, that is, of float32 operators between
  /// `DequantizeLinear` and `QuantizeLinear`: operator set 17, format version 8. Any ONNX runtime
  /// recomputes it, and importing it gives layers with the same integer results.
  ///
  /// Codes of fewer bits than their storage follow a `Clip` to their range; a bias beyond int32 is written as two.
  ///
  /// - Throws: ``NetworkError`` if the format cannot hold it: a bias beyond 56 bits.
  public func qdqModel() throws(NetworkError) -> Data {
    try qdqNetwork().onnxModel()
  }

  /// The same as a ``Network``.
  ///
  /// - Throws: ``NetworkError`` if a bias does not fit 56 bits.
  public func qdqNetwork() throws(NetworkError) -> Network {
    var network = Network(
      name: name, inputs: inputs.map { Network.Input(name: $0.name, shape: $0.shape) })
    var codes: [LayerSource: Network.Source] = [:]
    for (index, input) in inputs.enumerated() {
      codes[.input(index)] = try network.append(
        .quantize(input.quantization), named: "input_\(index)_quantize", after: .input(index))
    }
    for (index, layer) in layers.enumerated() {
      codes[.layer(index)] = try network.append(layer, after: layer.sources.compactMap { codes[$0] })
    }
    for (index, output) in outputs.enumerated() {
      guard let source = codes[.layer(output.layer)] else { continue }
      let value = try network.append(
        .dequantize(layers[output.layer].outputQuantization), named: "output_\(index)_dequantize",
        after: source)
      network.outputs.append(Network.Output(name: output.name, source: value))
    }
    return network
  }
}

extension Network {
  /// Appends a layer's operators, from the codes that it reads to the codes that it makes.
  fileprivate mutating func append(_ layer: QuantizedLayer, after sources: [Source])
    throws(NetworkError) -> Source
  {
    let name = layer.name
    let input = layer.inputQuantization
    var value = try append(.dequantize(input), named: name + "_input", after: sources[0])
    if sources.count > 1 {
      var joined = [value]
      for (index, source) in sources.enumerated().dropFirst() {
        joined.append(try append(.dequantize(input), named: "\(name)_input_\(index)", after: source))
      }
      value = try append(.concatenate, named: name + "_join", joining: joined)
      value = try append(.quantize(input), named: name + "_joined", after: value)
      value = try append(.dequantize(input), named: name + "_joined_input", after: value)
    }
    if shape(of: value) != layer.inputShape {
      value = try append(.reshape(layer.inputShape), named: name + "_reshape", after: value)
      value = try append(.quantize(input), named: name + "_reshaped", after: value)
      value = try append(.dequantize(input), named: name + "_reshaped_input", after: value)
    }
    if layer.upsampling != .none {
      value = try append(.upsample(layer.upsampling), named: name + "_upsample", after: value)
      // Runtimes look for a quantised value directly before a convolution.
      value = try append(.quantize(input), named: name + "_upsampled", after: value)
      value = try append(.dequantize(input), named: name + "_upsampled_input", after: value)
    }
    guard layer.reduction == .sum else {
      value = try append(.maximum(window: layer.window), named: name, after: value)
      return try append(.quantize(input), named: name + "_quantize", after: value)
    }
    let units = layer.weightScales.map { input.scale * $0 }
    // Beyond int32, the low 24 bits and the others.
    let split: Int64 = 24
    let isSplit = layer.bias.values.contains { Int32(exactly: $0) == nil }
    var (biases, others): ([Int32], [Int32]) = ([], [])
    for bias in layer.bias.values {
      guard let other = Int32(exactly: bias >> split) else {
        throw NetworkError("layer \(quoted(name))", "its bias \(bias) does not fit 56 bits")
      }
      others.append(other)
      biases.append(Int32(truncatingIfNeeded: isSplit ? bias - Int64(other) << split : bias))
    }
    let bias = Parameter.codes(biases, scales: units)
    let weights = Parameter.codes(layer.weights, scales: layer.weightScales)
    switch layer.bias {
    case .perChannel:
      value = try append(
        .convolution(weights: weights, bias: bias, window: layer.window), named: name, after: value)
    case .perPixel:
      value = try append(
        .convolution(weights: weights, bias: nil, window: layer.window), named: name, after: value)
      value = try append(.add(bias), named: name + "_bias", after: value)
    }
    if isSplit {
      let scales = units.map { $0 * Float(1 << split) }
      value = try append(.add(.codes(others, scales: scales)), named: name + "_high_bias", after: value)
    }
    if let slope = layer.slopes.first, layer.slopes.contains(where: { $0 != 1 }) {
      let isUniform = layer.slopes.allSatisfy { $0 == slope }
      value = try append(
        .rectify(slopes: isUniform ? [slope] : layer.slopes), named: name + "_rectify", after: value)
    }
    let quantization = layer.convolutionQuantization
    if layer.clamp != quantization.codes {
      func limit(_ code: Int, unless end: Int, _ open: Float) -> Float {
        code == end ? open : quantization.real(code)
      }
      let lower = limit(layer.clamp.lowerBound, unless: quantization.codes.lowerBound, -.infinity)
      let upper = limit(layer.clamp.upperBound, unless: quantization.codes.upperBound, .infinity)
      value = try append(.clip(lower: lower, upper: upper), named: name + "_clip", after: value)
    }
    value = try append(.quantize(quantization), named: name + "_quantize", after: value)
    var current = quantization
    var areCodes = true
    for (index, step) in layer.steps.enumerated() {
      let stepName = "\(name)_step_\(index)"
      if areCodes {
        value = try append(.dequantize(current), named: stepName + "_input", after: value)
      }
      areCodes = false
      switch step {
      case .rectify(let slope):
        value = try append(.rectify(slopes: [slope]), named: stepName, after: value)
      case .clip(let lower, let upper):
        value = try append(.clip(lower: lower, upper: upper), named: stepName, after: value)
      case .add(let constant):
        value = try append(.add(.reals([constant])), named: stepName, after: value)
      case .quantize(let next):
        value = try append(.quantize(next), named: stepName, after: value)
        current = next
        areCodes = true
      }
    }
    return value
  }
}
