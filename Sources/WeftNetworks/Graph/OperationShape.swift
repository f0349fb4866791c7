extension Network.Operation {
  /// The name of the ONNX operator.
  public var operatorName: String {
    switch self {
    case .convolution: "Conv"
    case .fullyConnected: "Gemm"
    case .maximum: "MaxPool"
    case .rectify(let slopes):
      slopes.allSatisfy { $0 == 0 } ? "Relu" : slopes.count == 1 ? "LeakyRelu" : "PRelu"
    case .clip: "Clip"
    case .add, .sum: "Add"
    case .concatenate: "Concat"
    case .reshape: "Reshape"
    case .flatten: "Flatten"
    case .upsample: "Resize"
    case .pad: "Pad"
    case .quantize: "QuantizeLinear"
    case .dequantize: "DequantizeLinear"
    }
  }

  /// The shape of the result on maps and vectors.
  ///
  /// - Throws: ``NetworkError`` naming `place` if the operation does not fit.
  func outputShape(on inputs: [(shape: MapShape, isVector: Bool)], at place: String) throws(NetworkError) -> MapShape {
    guard let input = inputs.first?.shape else { throw NetworkError(place, "it reads nothing") }
    switch self {
    case .sum, .concatenate:
      guard inputs.allSatisfy({ $0.isVector == inputs[0].isVector }) else {
        throw NetworkError(place, "it joins vectors with maps", cure: "reshape or flatten them alike first")
      }
      return try joinedShape(inputs.map(\.shape), at: place)
    case .convolution, .maximum, .upsample, .pad:
      guard !inputs[0].isVector else {
        throw NetworkError(
          place, "it reads a vector of \(input.channels) elements",
          cure: "reshape it to a map of four dimensions first")
      }
    default: break
    }
    guard inputs.count == 1 else {
      throw NetworkError(place, "it reads \(inputs.count) values", cure: "only Add and Concat join values")
    }
    return try outputShape(on: input, at: place)
  }

  /// The shape of a sum or a concatenation.
  private func joinedShape(_ inputs: [MapShape], at place: String) throws(NetworkError) -> MapShape {
    var shape = inputs[0]
    let shapes = inputs.map(\.description).joined(separator: ", ")
    if case .sum = self {
      guard inputs.allSatisfy({ $0 == shape }) else {
        throw NetworkError(place, "it adds maps of the shapes \(shapes)", cure: "maps that are added have one shape")
      }
      return shape
    }
    guard inputs.allSatisfy({ $0.height == shape.height && $0.width == shape.width }) else {
      throw NetworkError(
        place, "it joins maps of the shapes \(shapes)",
        cure: "maps whose channels are joined have one height and width")
    }
    shape.channels = inputs.reduce(0) { $0 + $1.channels }
    return try checked(shape, at: place)
  }

  /// The shape of the result on one map.
  private func outputShape(on input: MapShape, at place: String) throws(NetworkError) -> MapShape {
    var shape = input
    switch self {
    case .convolution(let weights, let bias, let window, let groups):
      guard groups > 0, input.channels % groups == 0 else {
        throw NetworkError(place, "\(input.channels) channels do not make \(groups) equal groups")
      }
      let taps = window.kernelHeight * window.kernelWidth * (input.channels / groups)
      guard taps > 0, weights.count > 0, weights.count % taps == 0 else {
        throw NetworkError(
          place, "\(weights.count) weights do not make kernels of \(input.channels / groups) input channels"
            + " x \(window.kernelHeight) x \(window.kernelWidth)")
      }
      shape.channels = weights.count / taps
      guard shape.channels % groups == 0 else {
        throw NetworkError(place, "\(shape.channels) output channels do not make \(groups) equal groups")
      }
      if let bias, bias.count != shape.channels {
        throw NetworkError(
          place, "the bias has \(bias.count) values, but there are \(shape.channels) channels")
      }
      (shape.height, shape.width) = try resultSize(of: window, on: input, at: place)
    case .fullyConnected(let weights, let bias):
      guard weights.count > 0, weights.count % input.count == 0 else {
        throw NetworkError(place, "\(weights.count) weights do not make sums of \(input.count) elements")
      }
      shape = MapShape(channels: weights.count / input.count, height: 1, width: 1)
      if let bias, bias.count != shape.channels {
        throw NetworkError(place, "the bias has \(bias.count) values, but there are \(shape.channels) outputs")
      }
    case .maximum(let window):
      let padding = window.padding
      guard max(padding.top, padding.bottom) < window.kernelHeight,
        max(padding.left, padding.right) < window.kernelWidth
      else {
        throw NetworkError(
          place, "a window may lie in the padding alone", cure: "the padding is smaller than the window")
      }
      (shape.height, shape.width) = try resultSize(of: window, on: input, at: place)
    case .reshape(let wanted):
      let sizes = [wanted.channels, wanted.height, wanted.width]
      guard product(sizes, limit: NetworkLimits.mapElements) == input.count else {
        throw NetworkError(place, "\(input.count) elements do not fill the shape \(wanted)")
      }
      shape = wanted
    case .flatten: shape = MapShape(channels: input.count, height: 1, width: 1)
    case .sum, .concatenate: break
    case .rectify(let slopes):
      guard slopes.count == 1 || slopes.count == input.channels else {
        throw NetworkError(
          place, "\(slopes.count) slopes do not fit \(input.channels) channels",
          cure: "give one slope, or one for each channel")
      }
      guard slopes.allSatisfy({ $0.isFinite && abs($0) <= 0x1p15 }) else {
        throw NetworkError(place, "a slope is not a number of ordinary size")
      }
    case .clip(let lower, let upper):
      guard lower <= upper else {
        throw NetworkError(place, "the lower limit \(lower) is not below the upper limit \(upper)")
      }
    case .add(let constant):
      guard [1, input.channels, input.count].contains(constant.count) else {
        throw NetworkError(
          place, "a constant of \(constant.count) values does not fit the map \(input)",
          cure: "add one value, one for each channel, or one for each element")
      }
    case .upsample(let factors):
      guard (1...NetworkLimits.window).contains(factors.vertical),
        (1...NetworkLimits.window).contains(factors.horizontal)
      else { throw NetworkError(place, "upsampling factors must be 1 to \(NetworkLimits.window)") }
      shape.height *= factors.vertical
      shape.width *= factors.horizontal
    case .pad(let padding):
      let sides = [padding.top, padding.left, padding.bottom, padding.right]
      guard sides.allSatisfy({ (0...NetworkLimits.window).contains($0) }) else {
        throw NetworkError(place, "paddings must be 0 to \(NetworkLimits.window)")
      }
      shape.height += padding.top + padding.bottom
      shape.width += padding.left + padding.right
    case .quantize(let quantization), .dequantize(let quantization):
      guard quantization.scale.isNormal, quantization.scale > 0 else {
        throw NetworkError(
          place, "the scale \(quantization.scale) is not a positive number of ordinary size")
      }
    }
    return try checked(shape, at: place)
  }

  /// The height and width of what a window gives.
  private func resultSize(of window: ConvolutionWindow, on input: MapShape, at place: String) throws(NetworkError)
    -> (height: Int, width: Int)
  {
    let sides = [window.kernelHeight, window.kernelWidth, window.strideVertical, window.strideHorizontal]
    let padding = [window.padding.top, window.padding.left, window.padding.bottom, window.padding.right]
    guard sides.allSatisfy({ (1...NetworkLimits.window).contains($0) }),
      padding.allSatisfy({ (0...NetworkLimits.window).contains($0) })
    else {
      throw NetworkError(
        place, "kernel, strides or padding are out of range",
        cure: "kernels and strides are 1 to \(NetworkLimits.window), padding is 0 or more")
    }
    let size = window.outputSize(height: input.height, width: input.width)
    guard size.height > 0, size.width > 0 else {
      throw NetworkError(
        place, "a kernel of \(window.kernelHeight) x \(window.kernelWidth) does not fit the map "
          + "\(input) with its padding")
    }
    return size
  }

  private func checked(_ shape: MapShape, at place: String) throws(NetworkError) -> MapShape {
    guard
      product([shape.channels, shape.height, shape.width], limit: NetworkLimits.mapElements) != nil
    else {
      throw NetworkError(
        place, "a map of \(shape) is too large",
        cure: "maps may have \(NetworkLimits.mapElements) elements")
    }
    return shape
  }
}
