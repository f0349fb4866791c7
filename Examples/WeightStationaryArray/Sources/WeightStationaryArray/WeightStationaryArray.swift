import Weft

/// A systolic array that multiplies a vector by a matrix every cycle: the matrix stays in the cells, activations pass
/// from left to right, sums from top to bottom.
///
/// The matrix enters row by row through `weights` while `load` is one, its last row first. After that a vector may
/// enter in every cycle; its product leaves ``latency`` cycles later. The delays that give each row and column its
/// place in the wave belong to the array, so that vectors enter and leave whole.
public struct WeightStationaryArray: Module {
  /// Rows of the matrix: the length of an activation vector.
  public var rows: Int
  /// Columns of the matrix: the length of a result vector.
  public var columns: Int
  /// Bits of an activation.
  public var activationBits: Int
  /// Bits of a weight.
  public var weightBits: Int

  /// An array for `rows` x `columns` matrices; both are at least one.
  public init(rows: Int, columns: Int, activationBits: Int = 8, weightBits: Int = 8) {
    self.rows = rows
    self.columns = columns
    self.activationBits = activationBits
    self.weightBits = weightBits
  }

  /// Cycles from a vector to its product.
  public var latency: Int { rows + columns - 1 }
  /// Bits of a result: those of a product, and what adding `rows` of them takes.
  public var sumBits: Int { activationBits + weightBits + (Int.bitWidth - rows.leadingZeroBitCount) }

  /// Whether a row of weights enters in this cycle and those in the array move down.
  public var load: Bit { input(.bit) }
  /// A row of the matrix.
  public var weights: Vector<Signed> { input(.vector(columns, of: .signed(weightBits))) }
  /// Whether `activations` is a vector to multiply.
  public var valid: Bit { input(.bit) }
  /// One activation for each row of the matrix.
  public var activations: Vector<Signed> { input(.vector(rows, of: .signed(activationBits))) }
  /// Whether `products` is a product.
  public var productValid: Bit { output(.bit) }
  /// One sum for each column of the matrix.
  public var products: Vector<Signed> { output(.vector(columns, of: .signed(sumBits))) }

  public var body: Circuit {
    for row in 0..<rows {
      let entering = activations[row].delayed(by: row, named: "row\(row)")
      for column in 0..<columns {
        let cell = element(row, column)
        cell.load <== load
        cell.leftActivation <== (column == 0 ? entering : element(row, column - 1).activation)
        cell.upperWeight <== (row == 0 ? weights[column] : element(row - 1, column).weight)
        cell.upperSum <== (row == 0 ? 0 : element(row - 1, column).sum)
      }
    }
    for column in 0..<columns {
      products[column] <== element(rows - 1, column).sum.delayed(by: columns - 1 - column, named: "column\(column)")
    }
    productValid <== valid.delayed(by: latency)
  }

  /// The cell of a place in the matrix.
  private func element(_ row: Int, _ column: Int) -> Instance<ArrayElement> {
    instance(
      ArrayElement(activationBits: activationBits, weightBits: weightBits, sumBits: sumBits),
      named: "element\(row)_\(column)")
  }
}
