extension Network.Operation {
  /// The name of the ONNX operator.
  public var operatorName: String {
    switch self {
    case .convolution: "Conv"
    case .rectify(let slopes):
      slopes.allSatisfy { $0 == 0 } ? "Relu" : slopes.count == 1 ? "LeakyRelu" : "PRelu"
    case .clip: "Clip"
    case .add: "Add"
    case .upsample: "Resize"
    case .pad: "Pad"
    case .quantize: "QuantizeLinear"
    case .dequantize: "DequantizeLinear"
    }
  }

  /// The shape of the result on a map of shape `input`.
  ///
  /// - Throws: ``NetworkError`` naming `place` if the operation does not fit.
  func outputShape(on input: MapShape, at place: String) throws(NetworkError) -> MapShape {
    var shape = input
    switch self {
    case .convolution(let weights, let bias, let window):
      let taps = window.kernelHeight * window.kernelWidth * input.channels
      guard taps > 0, weights.count > 0, weights.count % taps == 0 else {
        throw NetworkError(
          place, "\(weights.count) weights do not make kernels of \(input.channels) input channels"
            + " x \(window.kernelHeight) x \(window.kernelWidth)")
      }
      shape.channels = weights.count / taps
      if let bias, bias.count != shape.channels {
        throw NetworkError(
          place, "the bias has \(bias.count) values, but there are \(shape.channels) channels")
      }
      let sides = [
        window.kernelHeight, window.kernelWidth, window.strideVertical, window.strideHorizontal,
      ]
      let padding = [
        window.padding.top, window.padding.left, window.padding.bottom, window.padding.right,
      ]
      guard sides.allSatisfy({ (1...NetworkLimits.window).contains($0) }),
        padding.allSatisfy({ (0...NetworkLimits.window).contains($0) })
      else {
        throw NetworkError(
          place, "kernel, strides or padding are out of range",
          cure: "kernels and strides are 1 to \(NetworkLimits.window), padding is 0 or more")
      }
      (shape.height, shape.width) = window.outputSize(height: input.height, width: input.width)
      guard shape.height > 0, shape.width > 0 else {
        throw NetworkError(
          place, "a kernel of \(window.kernelHeight) x \(window.kernelWidth) does not fit the map "
            + "\(input) with its padding")
      }
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
