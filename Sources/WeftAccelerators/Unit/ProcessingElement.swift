import Weft

/// One output channel's multiply-accumulate lanes: a dot product of `lanes` activations and weights a cycle, and its
/// accumulator. The products are registered, so that a product counts one cycle after its operands.
public struct ProcessingElement: Module {
  /// Products a cycle.
  public let lanes: Int
  /// Bits of an activation.
  public let activationBits: Int
  /// Bits of a weight.
  public let weightBits: Int
  /// Bits of the accumulator, which hold every partial sum.
  public let accumulatorBits: Int

  /// A processing element.
  public init(lanes: Int, activationBits: Int = 8, weightBits: Int = 8, accumulatorBits: Int = 32) {
    self.lanes = lanes
    self.activationBits = activationBits
    self.weightBits = weightBits
    self.accumulatorBits = accumulatorBits
  }

  /// Whether the pipeline moves in this cycle.
  public var advance: Bit { input(.bit) }
  /// Whether the registered products count.
  public var accumulate: Bit { input(.bit) }
  /// Whether the registered products are the first of a sum.
  public var first: Bit { input(.bit) }
  /// One activation a lane.
  public var activations: Vector<Signed> { input(.vector(lanes, of: .signed(activationBits))) }
  /// One weight a lane.
  public var weights: Vector<Signed> { input(.vector(lanes, of: .signed(weightBits))) }
  /// The accumulator.
  public var sum: Signed { output(.signed(accumulatorBits)) }

  var products: Vector<Signed> { register(.vector(lanes, of: .signed(activationBits + weightBits))) }
  var accumulator: Signed { register(.signed(accumulatorBits)) }
  var dotProduct: Signed { wire(fitted(products.sum())) }

  public var body: Circuit {
    When(advance) {
      for lane in 0..<lanes { products[lane] <== activations[lane] * weights[lane] }
      When(accumulate) {
        accumulator <== first.select(0, else: accumulator) &+ dotProduct
      }
    }
    sum <== accumulator
  }

  /// The sum in the accumulator's width, which holds it by construction.
  private func fitted(_ sum: Signed) -> Signed {
    sum.width > accumulatorBits ? sum.truncated(to: accumulatorBits) : sum.extended(to: accumulatorBits)
  }
}
