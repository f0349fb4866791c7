import Weft

/// Multiplies what comes from the left by what comes from above, adds the product to its sum, and passes both on.
struct ProcessingElement: Module {
  var bits = 8
  var sumBits = 24

  var clear: Bit { input(.bit) }
  var left: Signed { input(.signed(bits)) }
  var above: Signed { input(.signed(bits)) }
  var right: Signed { output(.signed(bits)) }
  var below: Signed { output(.signed(bits)) }
  var sum: Signed { output(.signed(sumBits)) }

  var accumulator: Signed { register(.signed(sumBits)) }

  var body: Circuit {
    accumulator <== clear.select(0, else: accumulator) &+ left * above
    right <== left.delayed(by: 1)
    below <== above.delayed(by: 1)
    sum <== accumulator
  }
}

/// Multiplies matrices of `size` rows and columns: the left one enters column by column, the right one row by row.
struct MatrixMultiplier: Module {
  var size: Int

  var start: Bit { input(.bit) }
  var column: Vector<Signed> { input(.vector(size, of: .signed(8))) }
  var row: Vector<Signed> { input(.vector(size, of: .signed(8))) }
  var sums: Vector<Vector<Signed>> { output(.vector(size, of: .vector(size, of: .signed(24)))) }

  /// Cycles from the first column and row to the finished product.
  var latency: Int { 3 * size - 2 }

  func element(_ y: Int, _ x: Int) -> Instance<ProcessingElement> {
    instance(ProcessingElement(), named: "element\(y)_\(x)")
  }

  var body: Circuit {
    for y in 0..<size {
      for x in 0..<size {
        let here = element(y, x)
        here.clear <== start.delayed(by: x + y)
        here.left <== (x == 0 ? column[y].delayed(by: y, named: "column\(y)") : element(y, x - 1).right)
        here.above <== (y == 0 ? row[x].delayed(by: x, named: "row\(x)") : element(y - 1, x).below)
        sums[y][x] <== here.sum
      }
    }
  }
}
