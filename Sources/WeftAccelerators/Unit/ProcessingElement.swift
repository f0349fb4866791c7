import Weft

/// One output channel's multiply-accumulate lanes: a dot product of `lanes` activations and weights a cycle, and its
/// accumulator; or of the activations of two rows and the same weights, which share the multipliers, and two
/// accumulators. The products are registered, so that a product counts one cycle after its operands.
public struct ProcessingElement: Module {
  /// Products a cycle, for each row.
  public let lanes: Int
  /// Rows that share the multipliers: 1, or 2 with activations and weights of at most 8 and 10 bits.
  public let rows: Int
  /// Bits of an activation.
  public let activationBits: Int
  /// Bits of a weight.
  public let weightBits: Int
  /// Bits of an accumulator, which hold every partial sum.
  public let accumulatorBits: Int

  /// A processing element.
  public init(
    lanes: Int, rows: Int = 1, activationBits: Int = 8, weightBits: Int = 8, accumulatorBits: Int = 32
  ) {
    self.lanes = lanes
    self.rows = rows
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
  /// One operand a lane: an activation, or those of two rows as ``operandBits`` has them.
  public var activations: Vector<Signed> { input(.vector(lanes, of: .signed(operandBits))) }
  /// One weight a lane.
  public var weights: Vector<Signed> { input(.vector(lanes, of: .signed(weightBits))) }
  /// The accumulator of the first row.
  public var sum: Signed { output(.signed(accumulatorBits)) }
  /// The accumulator of the second row, where there are two.
  public var secondSum: Signed { output(.signed(accumulatorBits)) }

  /// Bits of the operand that stands for the activations of a lane.
  public var operandBits: Int {
    rows == 1 ? activationBits : activationBits + PackedProduct.shift + 1
  }

  var products: Vector<Signed> { register(.vector(lanes, of: .signed(operandBits + weightBits))) }
  var accumulator: Signed { register(.signed(accumulatorBits)) }
  var dotProduct: Signed { wire(fitted(lowProducts.sum())) }
  var secondAccumulator: Signed { register(.signed(accumulatorBits)) }
  var secondDotProduct: Signed { wire(fitted(highProducts.sum())) }
  private var lowProducts: [Signed] {
    rows == 1 ? Array(products) : products.map { PackedProduct.products(of: $0).low }
  }
  private var highProducts: [Signed] { products.map { PackedProduct.products(of: $0).high } }

  public var body: Circuit {
    When(advance) {
      for lane in 0..<lanes { products[lane] <== activations[lane] * weights[lane] }
      When(accumulate) {
        accumulator <== first.select(0, else: accumulator) &+ dotProduct
        if rows == 2 { secondAccumulator <== first.select(0, else: secondAccumulator) &+ secondDotProduct }
      }
    }
    sum <== accumulator
    if rows == 2 { secondSum <== secondAccumulator }
  }

  /// The sum in the accumulator's width, which holds it by construction.
  private func fitted(_ sum: Signed) -> Signed {
    sum.width > accumulatorBits ? sum.truncated(to: accumulatorBits) : sum.extended(to: accumulatorBits)
  }
}
