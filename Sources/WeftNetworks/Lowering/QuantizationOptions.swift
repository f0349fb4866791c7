/// How a network of float32 is quantised.
public struct QuantizationOptions: Hashable, Sendable {
  /// The codes of activations: int8 or int16. (Codes of uint8 are the same in hardware as int8.)
  public var activations: Quantization.Storage
  /// Whether every zero point is 0. Otherwise the codes cover exactly the range that was seen,
  /// which is finer where it is lopsided, as after a LeakyReLU.
  public var isSymmetric: Bool

  /// Creates options; without arguments the default ones.
  public init(activations: Quantization.Storage = .int8, isSymmetric: Bool = false) {
    self.activations = activations
    self.isSymmetric = isSymmetric
  }
}
