/// One operation on single values, in float32 as ONNX defines it: what an imported graph does
/// between the quantisation of a convolution's result and the next layer.
public enum PointwiseStep: Hashable, Sendable {
  /// Multiplies values below 0: LeakyReLU, PReLU with one slope, and ReLU with 0.
  case rectify(slope: Float)
  /// Limits values to a range.
  case clip(lower: Float, upper: Float)
  /// Adds a constant.
  case add(Float)
  /// Rounds to the codes of a quantisation and back to reals.
  case quantize(Quantization)

  /// The result of the step for one value.
  public func callAsFunction(_ value: Float) -> Float {
    switch self {
    case .rectify(let slope): value < 0 ? value * slope : value
    case .clip(let lower, let upper): min(max(value, lower), upper)
    case .add(let constant): value + constant
    case .quantize(let quantization): quantization.real(quantization.code(value))
    }
  }
}
