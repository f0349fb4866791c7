/// What feeds a layer.
public enum LayerSource: Hashable, Sendable {
  /// The network's input of this index.
  case input(Int)
  /// The layer of this index, always an earlier one.
  case layer(Int)
}

/// One stage of a quantised network: upsampling, convolution, bias, rectifier, requantisation and, for some imported
/// graphs, a table; or max pooling, which keeps the codes that it picks.
///
/// A stage that adds two maps is a convolution of one element over the channels of both; one that is fully connected
/// has a window as large as its map; a convolution in groups has weights of 0 for what a group does not read.
///
/// The meaning of a convolution, value for value, where x is a code of the upsampled map, or ``inputZeroPoint`` in
/// the padding:
/// ```
/// sum    = bias + Σ weight × (x - inputZeroPoint)
/// factor = sum < 0 ? requantization.negative : requantization.positive
/// code   = clamp(factor(sum) + outputZeroPoint)        rounded half to even
/// result = table?[code - lowest code] ?? code
/// ```
/// ``ReferenceExecutor`` computes exactly this, and hardware must equal it bit for bit.
public struct QuantizedLayer: Hashable, Sendable {
  /// What becomes of the elements in a window.
  public enum Reduction: Hashable, Sendable {
    /// The weighted sum over all channels: convolution.
    case sum
    /// The greatest code of each channel for itself, padding left out: max pooling.
    case maximum
  }

  /// A legal identifier, unique in its network also without regard to case.
  public var name: String
  /// What feeds the layer: one map, or several of one height and width whose channels follow each other.
  public var sources: [LayerSource]
  /// What becomes of the elements in a window.
  public let reduction: Reduction
  /// Shape of what is read, before upsampling: all sources together. Where it is not their own shape, their elements
  /// are seen in this one, in channel, row, column order.
  public var inputShape: MapShape
  /// Applied to the input as it is read.
  public var upsampling: Upsampling
  /// Kernel, strides and padding.
  public var window: ConvolutionWindow
  /// Shape of the result.
  public let outputShape: MapShape
  /// How the source's codes stand for reals.
  public var inputQuantization: Quantization
  /// Raw signed weights, output channel x input channel x kernel row x kernel column.
  public let weights: [Int32]
  /// Width of a weight in bits.
  public let weightBits: Int
  /// The real step of each output channel's weights.
  public let weightScales: [Float]
  /// Added to the sums, without the correction for the input's zero point (see ``foldedBias``).
  public let bias: Bias
  /// What each output channel's sums below 0 are multiplied by, as a real: 1 without a rectifier.
  public let slopes: [Float]
  /// How the codes after requantisation, before the table, stand for reals.
  public let convolutionQuantization: Quantization
  /// The hardware codes that requantisation saturates to.
  public let clamp: ClosedRange<Int>
  /// What the table computes, beginning and ending with codes; empty without a table.
  public let steps: [PointwiseStep]

  /// The factors of each output channel.
  public let requantization: [Requantization]
  /// A result for every code of ``convolutionQuantization``, the first for the lowest; nil where nothing follows
  /// requantisation.
  public let table: [Int]?
  /// How the layer's results stand for reals.
  public let outputQuantization: Quantization
  /// Width in bits of a two's complement accumulator that holds every partial sum, in whatever
  /// order, of weight x code products with and without the folded bias.
  public let accumulatorBits: Int
  /// The least and the greatest value of ``foldedBias``.
  public let biasRange: ClosedRange<Int64>

  /// Creates a layer and derives its factors, its table and its accumulator.
  ///
  /// The factor of channel c is that of ONNX Runtime's QLinearConv, float32(float32(sx x sw[c]) /
  /// sy), held exactly in 24 bits; below 0 it is multiplied by the slope.
  ///
  /// - Parameters:
  ///   - weights: output channel x input channel x kernel row x kernel column.
  ///   - slopes: one for each output channel; nil without a rectifier.
  ///   - clamp: nil for all codes of `convolutionQuantization`.
  ///   - steps: what follows requantisation; the last is a quantisation.
  /// - Precondition: counts fit the shapes.
  public init(
    name: String, sources: [LayerSource], inputShape: MapShape, upsampling: Upsampling = .none,
    window: ConvolutionWindow, inputQuantization: Quantization, weights: [Int32],
    weightBits: Int = 8, weightScales: [Float], bias: Bias, slopes: [Float]? = nil,
    convolutionQuantization: Quantization, clamp: ClosedRange<Int>? = nil,
    steps: [PointwiseStep] = []
  ) {
    precondition(!sources.isEmpty, "layer '\(name)' reads nothing")
    let channels = weightScales.count
    let size = window.outputSize(
      height: inputShape.height * upsampling.vertical,
      width: inputShape.width * upsampling.horizontal)
    let outputShape = MapShape(channels: channels, height: size.height, width: size.width)
    precondition(
      weights.count == channels * inputShape.channels * window.kernelHeight * window.kernelWidth,
      "layer '\(name)' has \(weights.count) weights, which do not fit its shape")
    switch bias {
    case .perChannel(let values):
      precondition(values.count == channels, "layer '\(name)' needs a bias for each channel")
    case .perPixel(let values):
      precondition(values.count == outputShape.count, "layer '\(name)' needs a bias for each pixel")
    }
    precondition(
      slopes.map { $0.count == channels } ?? true, "layer '\(name)' needs a slope for each channel")

    self.name = name
    self.sources = sources
    reduction = .sum
    self.inputShape = inputShape
    self.upsampling = upsampling
    self.window = window
    self.outputShape = outputShape
    self.inputQuantization = inputQuantization
    self.weights = weights
    self.weightBits = weightBits
    self.weightScales = weightScales
    self.bias = bias
    let slopes = slopes ?? Array(repeating: 1, count: channels)
    self.slopes = slopes
    self.convolutionQuantization = convolutionQuantization
    self.clamp = clamp ?? convolutionQuantization.codes
    self.steps = steps

    let (accumulatorBits, biasRange) = Self.ranges(
      weights: weights, channels: channels, bias: bias, input: inputQuantization)
    (self.accumulatorBits, self.biasRange) = (accumulatorBits, biasRange)
    requantization = zip(weightScales, slopes).map { weightScale, slope in
      let factor = Double(inputQuantization.scale * weightScale / convolutionQuantization.scale)
      return Requantization(
        positive: Multiplier(factor, accumulatorBits: accumulatorBits),
        negative: Multiplier(factor * Double(slope), accumulatorBits: accumulatorBits))
    }
    var outputQuantization = convolutionQuantization
    if case .quantize(let last)? = steps.last { outputQuantization = last }
    self.outputQuantization = outputQuantization
    table = Self.table(of: steps, after: convolutionQuantization, to: outputQuantization)
  }

  /// Creates a layer that reads one map; otherwise as with several sources.
  public init(
    name: String, source: LayerSource, inputShape: MapShape, upsampling: Upsampling = .none,
    window: ConvolutionWindow, inputQuantization: Quantization, weights: [Int32],
    weightBits: Int = 8, weightScales: [Float], bias: Bias, slopes: [Float]? = nil,
    convolutionQuantization: Quantization, clamp: ClosedRange<Int>? = nil,
    steps: [PointwiseStep] = []
  ) {
    self.init(
      name: name, sources: [source], inputShape: inputShape, upsampling: upsampling, window: window,
      inputQuantization: inputQuantization, weights: weights, weightBits: weightBits, weightScales: weightScales,
      bias: bias, slopes: slopes, convolutionQuantization: convolutionQuantization, clamp: clamp, steps: steps)
  }

  /// Creates a max pooling: its codes have the same meaning as those that it reads.
  ///
  /// - Precondition: no window lies in the padding alone.
  public init(
    maximumIn window: ConvolutionWindow, name: String, sources: [LayerSource], inputShape: MapShape,
    upsampling: Upsampling = .none, quantization: Quantization
  ) {
    precondition(!sources.isEmpty, "layer '\(name)' reads nothing")
    let size = window.outputSize(
      height: inputShape.height * upsampling.vertical, width: inputShape.width * upsampling.horizontal)
    let channels = inputShape.channels
    self.name = name
    self.sources = sources
    reduction = .maximum
    self.inputShape = inputShape
    self.upsampling = upsampling
    self.window = window
    outputShape = MapShape(channels: channels, height: size.height, width: size.width)
    inputQuantization = quantization
    weights = []
    weightBits = 0
    weightScales = Array(repeating: 1, count: channels)
    bias = .perChannel(Array(repeating: 0, count: channels))
    slopes = Array(repeating: 1, count: channels)
    convolutionQuantization = quantization
    clamp = quantization.codes
    steps = []
    let identity = Requantization(positive: Multiplier(1), negative: Multiplier(1))
    requantization = Array(repeating: identity, count: channels)
    table = nil
    outputQuantization = quantization
    accumulatorBits = quantization.bits
    biasRange = 0...0
  }

  /// The only map that feeds the layer, or the first.
  public var source: LayerSource { sources[0] }
  /// Height of the kernel.
  public var kernelHeight: Int { window.kernelHeight }
  /// Width of the kernel.
  public var kernelWidth: Int { window.kernelWidth }
  /// Rows between neighbouring windows.
  public var strideVertical: Int { window.strideVertical }
  /// Columns between neighbouring windows.
  public var strideHorizontal: Int { window.strideHorizontal }
  /// Added around the upsampled map.
  public var padding: Padding { window.padding }
  /// The hardware code that stands for 0 in the input, and that padding takes.
  public var inputZeroPoint: Int { inputQuantization.zeroPoint }
  /// Width of an input code in bits.
  public var inputBits: Int { inputQuantization.bits }
  /// Width of an output code in bits.
  public var outputBits: Int { outputQuantization.bits }
  /// Added after the requantisation factor.
  public var outputZeroPoint: Int { convolutionQuantization.zeroPoint }
  /// Shape of the map that the window moves over, without padding.
  public var upsampledShape: MapShape {
    MapShape(
      channels: inputShape.channels, height: inputShape.height * upsampling.vertical,
      width: inputShape.width * upsampling.horizontal)
  }
  /// Multiply-accumulates of one frame as the layer is written, zero-padded positions included.
  public var macs: Int {
    reduction == .maximum ? 0 : outputShape.count * inputShape.channels * window.kernelHeight * window.kernelWidth
  }

  /// The bias with the correction for the input's zero point, -inputZeroPoint x Σ weights, so that
  /// sum = ``foldedBias`` + Σ weight x code. It is one constant for a channel (or pixel) since
  /// padding is coded as the zero point.
  public var foldedBias: Bias {
    bias.adding(perChannel: weightSums(\.self).map { -Int64(inputZeroPoint) * $0 })
  }

  /// Sums a function of the weights over each output channel.
  private func weightSums(_ value: (Int64) -> Int64) -> [Int64] {
    let count = weights.count / max(outputShape.channels, 1)
    return (0..<outputShape.channels).map { channel in
      weights[channel * count..<(channel + 1) * count].reduce(0) { $0 + value(Int64($1)) }
    }
  }

  private static func table(
    of steps: [PointwiseStep], after first: Quantization, to last: Quantization
  ) -> [Int]? {
    guard !steps.isEmpty else { return nil }
    return first.codes.map { code in
      last.code(steps.reduce(first.real(code)) { value, step in step(value) })
    }
  }

  /// The bits for the worst case over every channel and every subset of its products, and the range of the folded
  /// biases.
  private static func ranges(
    weights: [Int32], channels: Int, bias: Bias, input: Quantization
  ) -> (accumulatorBits: Int, bias: ClosedRange<Int64>) {
    let count = weights.count / max(channels, 1)
    let lowest = Int64(input.codes.lowerBound)
    let highest = Int64(input.codes.upperBound)
    var bounds: ClosedRange<Int64> = 0...0
    var biasRange: ClosedRange<Int64>?
    for channel in 0..<channels {
      var lower: Int64 = 0
      var upper: Int64 = 0
      var sum: Int64 = 0
      for weight in weights[channel * count..<(channel + 1) * count] {
        let products = (Int64(weight) * lowest, Int64(weight) * highest)
        lower += min(products.0, products.1, 0)
        upper += max(products.0, products.1, 0)
        sum += Int64(weight)
      }
      let correction = -Int64(input.zeroPoint) * sum
      let biases = bias.values(ofChannel: channel, channels: channels)
      let least = (biases.min() ?? 0) + correction
      let most = (biases.max() ?? 0) + correction
      bounds = min(bounds.lowerBound, lower + min(least, 0))...max(
        bounds.upperBound, upper + max(most, 0))
      biasRange = min(biasRange?.lowerBound ?? least, least)...max(biasRange?.upperBound ?? most, most)
    }
    var bits = 1
    while bounds.lowerBound < -(1 << (bits - 1)) || bounds.upperBound > 1 << (bits - 1) - 1 {
      bits += 1
    }
    return (bits, biasRange ?? 0...0)
  }

  /// Layers are told apart by everything; what is quick to hash is enough to spread them.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(inputShape)
    hasher.combine(outputShape)
    hasher.combine(window)
  }
}
