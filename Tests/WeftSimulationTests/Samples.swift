import Weft

/// Multiply-accumulate lanes with an accumulator.
struct ProcessingElement: Module {
  let lanes: Int

  var enable: Bit { input(.bit) }
  var clear: Bit { input(.bit) }
  var activations: Vector<Signed> { input(.vector(lanes, of: .signed(8))) }
  var weights: Vector<Signed> { input(.vector(lanes, of: .signed(8))) }
  var sum: Signed { output(.signed(32)) }
  var accumulator: Signed { register(.signed(32)) }
  var dotProduct: Signed { wire(zip(activations, weights).map { $0 * $1 }.sum()) }

  var body: Circuit {
    When(enable) {
      accumulator <== clear.select(0, else: accumulator) &+ dotProduct
    }
    sum <== accumulator
  }
}

/// A grid of processing elements: activations come by rows, weights by columns.
struct Grid: Module {
  let size: Int
  var lanes = 4

  var enable: Bit { input(.bit) }
  var clear: Bit { input(.bit) }
  var activations: Vector<Signed> { input(.vector(size * lanes, of: .signed(8))) }
  var weights: Vector<Signed> { input(.vector(size * lanes, of: .signed(8))) }
  var sums: Vector<Signed> { output(.vector(size * size, of: .signed(32))) }

  var body: Circuit {
    for row in 0..<size {
      for column in 0..<size {
        let element = instance(ProcessingElement(lanes: lanes), named: "element\(row)_\(column)")
        element.enable <== enable
        element.clear <== clear
        for lane in 0..<lanes {
          element.activations[lane] <== activations[row * lanes + lane]
          element.weights[lane] <== weights[column * lanes + lane]
        }
        sums[row * size + column] <== element.sum
      }
    }
  }
}
