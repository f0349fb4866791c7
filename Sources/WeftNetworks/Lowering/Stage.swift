/// A convolution, or a max pooling, with all that is fused to it, before its integers are decided.
struct Stage {
  /// What feeds a stage.
  enum Source: Hashable {
    case input(Int)
    case stage(Int)
  }

  /// A value that a stage reads, and the shape that its elements are seen in.
  struct Part: Hashable {
    var source: Source
    var shape: MapShape
  }

  var name: String
  /// What feeds the stage: maps whose channels follow each other.
  var parts: [Part]
  /// The shape of all parts together.
  var inputShape: MapShape
  var reduction = QuantizedLayer.Reduction.sum
  var upsampling = Upsampling.none
  var window = ConvolutionWindow.pointwise
  /// nil for the stage that passes its channels on unchanged, or adds those of several maps.
  var weights: Parameter?
  /// Constants that are added to the sums: one, one for each channel, or one for each element.
  var biases: [Parameter] = []
  /// One for each channel; nil without a rectifier.
  var slopes: [Float]?
  /// Applied after the rectifier.
  var clip: ClosedRange<Float>?
  /// The first quantisation after the convolution; nil in a network of float32.
  var quantization: Quantization?
  /// What follows that quantisation.
  var steps: [PointwiseStep] = []
  var outputShape: MapShape

  /// The codes that the stage ends with; nil where it ends with float32.
  var outputQuantization: Quantization? {
    switch steps.last {
    case .quantize(let last): last
    case nil: quantization
    default: nil
    }
  }

  /// Takes a pointwise operation in, if it can be fused.
  mutating func absorb(_ operation: Network.Operation) -> Bool {
    guard reduction == .sum else { return false }
    if let quantization { return absorbAfter(quantization, operation) }
    switch operation {
    case .rectify(let slopes): return absorb(rectifier: slopes)
    case .clip(let lower, let upper):
      let old = clip ?? -Float.infinity...Float.infinity
      let first = min(max(old.lowerBound, lower), upper)
      let last = min(max(old.upperBound, lower), upper)
      clip = first...last
      return true
    case .add(let constant):
      guard slopes == nil, clip == nil else { return false }
      biases.append(constant)
      return true
    case .quantize(let quantization):
      self.quantization = quantization
      return true
    default: return false
    }
  }

  private mutating func absorb(rectifier given: [Float]) -> Bool {
    let added =
      given.count == 1 ? Array(repeating: given[0], count: outputShape.channels) : given
    if let clip {
      // A rising rectifier moves past the clip if it changes the limits alike in every channel.
      guard let slope = added.first, added.allSatisfy({ $0 >= 0 }),
        clip.lowerBound >= 0 || added.allSatisfy({ $0 == slope })
      else { return false }
      func rectified(_ limit: Float) -> Float {
        limit >= 0 ? limit : slope == 0 ? 0 : limit * slope
      }
      self.clip = rectified(clip.lowerBound)...rectified(clip.upperBound)
    }
    let old = slopes ?? Array(repeating: 1, count: outputShape.channels)
    // A slope below 0 gives results above 0, which a second rectifier leaves.
    slopes = zip(old, added).map { $0 < 0 ? $0 : $0 * $1 }
    return true
  }

  private mutating func absorbAfter(
    _ first: Quantization, _ operation: Network.Operation
  ) -> Bool {
    if case .quantize(let next) = operation, next == outputQuantization { return true }
    // Tables are for codes of at most 8 bits.
    guard first.bits <= 8 else { return false }
    switch operation {
    case .rectify(let slopes):
      guard let slope = slopes.first, slopes.allSatisfy({ $0 == slope }) else { return false }
      steps.append(.rectify(slope: slope))
    case .clip(let lower, let upper): steps.append(.clip(lower: lower, upper: upper))
    case .add(let constant):
      guard constant.count == 1, let value = constant.reals.first else { return false }
      steps.append(.add(value))
    case .quantize(let next):
      guard next.bits <= 8 else { return false }
      steps.append(.quantize(next))
    default: return false
    }
    return true
  }
}
