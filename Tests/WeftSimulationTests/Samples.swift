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

/// A table that is read a cycle after its address is given, and a word that is remembered.
struct Table: Module {
  var address: Unsigned { input(.unsigned(6)) }
  var word: Signed { output(.signed(70)) }
  var last: Signed { register(.signed(70), reset: -1) }
  var cubes: Memory<Signed> {
    memory(depth: 50, of: .signed(70), contents: (0..<50).map { BitVector(truncating: $0 * $0 * $0 - 100, width: 70) })
  }

  var body: Circuit {
    last <== cubes[address]
    word <== last
  }
}
