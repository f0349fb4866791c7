import Weft

/// A processing element: in every cycle in which it is enabled it adds the products of its int8 operands to its
/// accumulator.
struct MultiplyAccumulate: Module {
  var lanes: Int

  var enable: Bit { input(.bit) }
  var activations: Vector<Signed> { input(.vector(lanes, of: .signed(8))) }
  var weights: Vector<Signed> { input(.vector(lanes, of: .signed(8))) }
  var sum: Signed { output(.signed(32)) }
  var accumulator: Signed { register(.signed(32)) }

  var body: Circuit {
    When(enable) { accumulator <== accumulator &+ zip(activations, weights).map { $0 * $1 }.sum() }
    sum <== accumulator
  }
}

/// `size` x `size` such elements: a row shares activations, a column weights.
struct MultiplyAccumulateArray: Module {
  var size: Int
  var lanes: Int

  var enable: Bit { input(.bit) }
  var activations: Vector<Vector<Signed>> { input(.vector(size, of: .vector(lanes, of: .signed(8)))) }
  var weights: Vector<Vector<Signed>> { input(.vector(size, of: .vector(lanes, of: .signed(8)))) }
  var sums: Vector<Signed> { output(.vector(size * size, of: .signed(32))) }

  var body: Circuit {
    for row in 0..<size {
      for column in 0..<size {
        let element = instance(MultiplyAccumulate(lanes: lanes), named: "element\(row)_\(column)")
        element.enable <== enable
        element.activations <== activations[row]
        element.weights <== weights[column]
        sums[row * size + column] <== element.sum
      }
    }
  }
}

/// An 8 x 8 array of one lane whose sums are seen through one word, so that what is read in a cycle is small.
struct ObservedArray: Module {
  private static let size = 8

  var enable: Bit { input(.bit) }
  var activations: Vector<Signed> { input(.vector(Self.size, of: .signed(8))) }
  var weights: Vector<Signed> { input(.vector(Self.size, of: .signed(8))) }
  var signature: Bits { output(.bits(32)) }

  var body: Circuit {
    let array = instance(MultiplyAccumulateArray(size: Self.size, lanes: 1), named: "array")
    array.enable <== enable
    for index in 0..<Self.size {
      array.activations[index][0] <== activations[index]
      array.weights[index][0] <== weights[index]
    }
    signature <== array.sums.dropFirst().reduce(array.sums[0].asBits) { $0 ^ $1.asBits }
  }
}
