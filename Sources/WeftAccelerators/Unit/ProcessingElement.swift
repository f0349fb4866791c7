import Weft

/// One output channel's multiply-accumulate lanes: a dot product of `lanes` activations and weights a cycle, and its
/// accumulator; or of the activations of two rows and the same weights, which share the multipliers, and two
/// accumulators. The products are registered, so that a product counts one cycle after its operands; with deep pipelining
/// they are registered twice, and so are the sums of every four: it counts ``levels(lanes:)`` cycles later.
public struct ProcessingElement: Module {
  /// Products a cycle, for each row.
  public let lanes: Int
  /// How two rows share the multipliers.
  public let packing: UnitConfiguration.Packing
  /// Bits of an activation.
  public let activationBits: Int
  /// Bits of a weight.
  public let weightBits: Int
  /// Bits of an accumulator, which hold every partial sum.
  public let accumulatorBits: Int
  /// Whether sums of products are registered.
  public let pipelining: UnitConfiguration.Pipelining

  /// A processing element.
  public init(
    lanes: Int, packing: UnitConfiguration.Packing = .none, activationBits: Int = 8, weightBits: Int = 8,
    accumulatorBits: Int = 32, pipelining: UnitConfiguration.Pipelining = .standard
  ) {
    self.lanes = lanes
    self.packing = packing
    self.activationBits = activationBits
    self.weightBits = weightBits
    self.accumulatorBits = accumulatorBits
    self.pipelining = pipelining
  }

  /// What is added up between two registers, where sums are registered.
  private static let addends = 4
  /// Registers between the products and the accumulators, where sums are registered.
  static func levels(lanes: Int) -> Int { 1 + RegisteredTree.levels(of: lanes, arity: addends) }

  /// Whether the pipeline moves in this cycle.
  public var advance: Bit { input(.bit) }
  /// Whether the products, or the sums of them, count.
  public var accumulate: Bit { input(.bit) }
  /// Whether they are the first of a sum.
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
    packed?.operandBits(activationBits: activationBits) ?? activationBits
  }
  private var packed: PackedProduct? { PackedProduct(packing) }

  var products: Vector<Signed> { register(.vector(lanes, of: .signed(operandBits + weightBits))) }
  var accumulator: Signed { register(.signed(accumulatorBits)) }
  var dotProduct: Signed { wire(fitted(total(lowProducts, named: "sum"))) }
  var secondAccumulator: Signed { register(.signed(accumulatorBits)) }
  var secondDotProduct: Signed { wire(fitted(total(highProducts, named: "secondSum"))) }
  private var lowProducts: [Signed] {
    packed.map { packed in products.map { packed.products(of: $0).low } } ?? Array(products)
  }
  private var highProducts: [Signed] {
    packed.map { packed in products.map { packed.products(of: $0).high } } ?? []
  }

  public var body: Circuit {
    When(advance) {
      for lane in 0..<lanes {
        let (activation, weight) = (activations[lane], weights[lane])
        products[lane] <== packed?.product(activation, weight) ?? activation * weight
      }
      When(accumulate) {
        accumulator <== first.select(0, else: accumulator) &+ dotProduct
        if packed != nil { secondAccumulator <== first.select(0, else: secondAccumulator) &+ secondDotProduct }
      }
    }
    sum <== accumulator
    if packed != nil { secondSum <== secondAccumulator }
  }

  private func total(_ products: [Signed], named name: String) -> Signed {
    guard pipelining == .deep else { return products.sum() }
    // One register stands beside the multiplier, the next one where the sum is.
    let near = products.enumerated().map { $1.delayed(by: 1, enable: advance, named: "\(name)Product\($0)") }
    return RegisteredTree.combine(near, arity: Self.addends, enable: advance, named: name, +)
  }

  /// The sum in the accumulator's width, which holds it by construction.
  private func fitted(_ sum: Signed) -> Signed {
    sum.width > accumulatorBits ? sum.truncated(to: accumulatorBits) : sum.extended(to: accumulatorBits)
  }
}
