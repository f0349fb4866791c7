import Weft

/// A finished sum of products on its way to requantisation.
public struct Accumulation: Bundle {
  /// The sum, without bias.
  public var sum: Signed
  /// The output channel it belongs to.
  public var channel: Unsigned

  /// A sum of a stage.
  public init(of geometry: StageGeometry) {
    sum = field(.signed(geometry.layer.accumulatorBits))
    channel = field(.unsigned(bitsFor(geometry.layer.outputShape.channels - 1)))
  }
}
