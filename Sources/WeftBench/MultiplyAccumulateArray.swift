import Weft

/// A cell that adds the product of its int8 operands to its accumulator in every cycle in which it is enabled.
struct MultiplyAccumulate: Module {
  var enable: Bit { input(.bit) }
  var activation: Signed { input(.signed(8)) }
  var weight: Signed { input(.signed(8)) }
  var sum: Signed { output(.signed(32)) }
  var accumulator: Signed { register(.signed(32)) }

  var body: Circuit {
    When(enable) { accumulator <== accumulator &+ activation * weight }
    sum <== accumulator
  }
}

/// `size` x `size` such cells: a row shares an activation, a column a weight.
struct MultiplyAccumulateArray: Module {
  var size: Int

  var enable: Bit { input(.bit) }
  var activations: Vector<Signed> { input(.vector(size, of: .signed(8))) }
  var weights: Vector<Signed> { input(.vector(size, of: .signed(8))) }
  var sums: Vector<Signed> { output(.vector(size * size, of: .signed(32))) }

  var body: Circuit {
    for row in 0..<size {
      for column in 0..<size {
        let cell = instance(MultiplyAccumulate(), named: "cell\(row)_\(column)")
        cell.enable <== enable
        cell.activation <== activations[row]
        cell.weight <== weights[column]
        sums[row * size + column] <== cell.sum
      }
    }
  }
}
