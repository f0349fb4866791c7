import Weft

/// One cell of a weight-stationary array: it keeps a weight, multiplies it by the activation that passes from left to
/// right, and adds the product to the sum that passes from top to bottom.
public struct ArrayElement: Module {
  /// Bits of an activation.
  public var activationBits: Int
  /// Bits of a weight.
  public var weightBits: Int
  /// Bits of a sum, which hold a whole column's by construction.
  public var sumBits: Int

  /// A cell.
  public init(activationBits: Int, weightBits: Int, sumBits: Int) {
    self.activationBits = activationBits
    self.weightBits = weightBits
    self.sumBits = sumBits
  }

  /// Whether weights move one cell down in this cycle.
  public var load: Bit { input(.bit) }
  /// The weight of the cell above.
  public var upperWeight: Signed { input(.signed(weightBits)) }
  /// The activation of the cell to the left.
  public var leftActivation: Signed { input(.signed(activationBits)) }
  /// The sum of the cells above.
  public var upperSum: Signed { input(.signed(sumBits)) }

  /// The weight, which stays until the next load.
  public var weight: Signed { output(.signed(weightBits)) }
  /// The activation a cycle later.
  public var activation: Signed { output(.signed(activationBits)) }
  /// The sum with this cell's product, a cycle later.
  public var sum: Signed { output(.signed(sumBits)) }

  var stationary: Signed { register(.signed(weightBits)) }
  var passing: Signed { register(.signed(activationBits)) }
  var partialSum: Signed { register(.signed(sumBits)) }

  public var body: Circuit {
    When(load) { stationary <== upperWeight }
    passing <== leftActivation
    partialSum <== upperSum &+ leftActivation * stationary
    weight <== stationary
    activation <== passing
    sum <== partialSum
  }
}
