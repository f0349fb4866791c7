/// The weights and biases of a stage as integers.
struct StageIntegers {
  var weights: [Int32]
  /// The least bits that hold the weights, at least 4.
  var weightBits: Int
  /// One for each output channel.
  var scales: [Float]
  var bias: Bias

  /// Quantises a stage, or takes the integers that it has.
  ///
  /// - Parameter bits: of the weights; nil where the network had integers in its file, so that weights must be such.
  init(_ stage: Stage, input: Quantization, bits: Int?) throws(NetworkError) {
    guard stage.reduction == .sum else {
      (weights, weightBits, scales, bias) = ([], 0, [], .perChannel([]))
      return
    }
    let place = "layer \(quoted(stage.name))"
    let channels = stage.outputShape.channels
    let biases = StageBias(stage)
    if case .codes(let codes, let given)? = stage.weights {
      weights = codes
      scales = given.count == 1 ? Array(repeating: given[0], count: channels) : given
      guard codes.allSatisfy({ Int16(exactly: $0) != nil }), scales.count == channels else {
        throw NetworkError(
          place, "its weights minus their zero points do not fit 16 bits",
          cure: "quantise weights symmetrically, with the zero point 0, to int8")
      }
    } else {
      guard bits != nil || stage.weights == nil else {
        throw NetworkError(
          place, "its weights are not quantised, but its input is",
          cure: "give them a DequantizeLinear, with scales for axis 0")
      }
      let reals = stage.realWeights
      let block = reals.count / channels
      let isPassing = stage.weights == nil
      let bits = bits ?? 8
      let highest = Float(1 << (bits - 1) - 1)
      // A stage that passes its channels on and adds a constant needs a step that divides 1 and is fine enough for it.
      let passingStep = biases.isEmpty ? 1 : Float(sign: .plus, exponent: 2 - bits, significand: 1)
      // Biases stay within 31 bits, and have more where products do: a weight scale is not finer than that asks for.
      let biasBits = min(30 + max(0, input.bits + bits - 16), 38)
      let greatestBias = Float(sign: .plus, exponent: biasBits, significand: 1)
      scales = (0..<channels).map { channel in
        let greatest = reals[channel * block..<(channel + 1) * block].reduce(0) { max($0, abs($1)) }
        let step = isPassing ? passingStep : greatest / highest
        let least = biases.greatest(channel) / input.scale / greatestBias
        return max(step, least, 0x1p-60)
      }
      weights = []
      weights.reserveCapacity(reals.count)
      for (index, real) in reals.enumerated() {
        let code = (real / scales[index / block]).rounded(.toNearestOrEven)
        weights.append(Int32(code.clamped(to: -highest...highest)))
      }
    }
    let greatest = weights.reduce(0) { max($0, $1 < 0 ? ~$1 : $1) }
    weightBits = max(4, 33 - greatest.leadingZeroBitCount)
    bias = try biases.codes(input: input, weightScales: scales, at: place)
  }
}

/// All constants that are added to a stage's sums.
private struct StageBias {
  private let parameters: [Parameter]
  private let reals: [[Float]]
  private let channels: Int
  private let pixels: Int

  init(_ stage: Stage) {
    parameters = stage.biases
    reals = stage.biases.map(\.reals)
    channels = stage.outputShape.channels
    pixels = stage.outputShape.height * stage.outputShape.width
  }

  var isEmpty: Bool { parameters.isEmpty }

  /// Where in a parameter's `count` values the value of one element stands.
  private func index(_ count: Int, _ channel: Int, _ pixel: Int) -> Int {
    count == 1 ? 0 : count == channels ? channel : channel * pixels + pixel
  }

  private var arePerPixel: Bool { parameters.contains { $0.count != 1 && $0.count != channels } }

  /// A bound of the magnitude of one channel's bias.
  func greatest(_ channel: Int) -> Float {
    reals.reduce(0) { sum, values in
      let end = values.count > channels ? pixels : 1
      return sum + (0..<end).reduce(0) { max($0, abs(values[index(values.count, channel, $1)])) }
    }
  }

  /// The bias in units of the accumulator, input scale x weight scale.
  func codes(input: Quantization, weightScales: [Float], at place: String) throws(NetworkError)
    -> Bias
  {
    let blocks = arePerPixel ? pixels : 1
    var sums = Array(repeating: Int64(0), count: channels * blocks)
    for (parameter, values) in zip(parameters, reals) {
      for channel in 0..<channels {
        let unit = Double(input.scale * weightScales[channel])
        for pixel in 0..<blocks {
          let place = index(parameter.count, channel, pixel)
          let code: Double
          if case .codes(let codes, let scales) = parameter {
            let scale = Double(scales.count == channels ? scales[channel] : scales[0])
            // Scales that differ by float32 rounding alone are the same.
            code =
              abs(scale / unit - 1) < 1e-5
              ? Double(codes[place]) : Double(codes[place]) * scale / unit
          } else {
            code = Double(values[place]) / unit
          }
          // Beyond 2^40 no accumulator is wide enough, which is reported as such.
          sums[channel * blocks + pixel] += Int64(
            code.isNaN ? 0 : code.rounded(.toNearestOrEven).clamped(to: -0x1p41...0x1p41))
        }
      }
    }
    guard sums.allSatisfy({ abs($0) < 1 << 40 }) else {
      throw NetworkError(
        place, "its bias is too large for the scales of its input and weights",
        cure: "biases may have 39 bits in units of input scale x weight scale")
    }
    return arePerPixel ? .perPixel(sums) : .perChannel(sums)
  }
}
