import Weft

/// One output channel's multiply-accumulate lanes.
struct ProcessingElement: Module {
  let lanes: Int
  var activationBits = 8
  var weightBits = 8
  var accumulatorBits = 32

  var enable: Bit { input(.bit) }
  var clear: Bit { input(.bit) }
  var activations: Vector<Signed> { input(.vector(lanes, of: .signed(activationBits))) }
  var weights: Vector<Signed> { input(.vector(lanes, of: .signed(weightBits))) }
  var sum: Signed { output(.signed(accumulatorBits)) }

  var accumulator: Signed { register(.signed(accumulatorBits)) }
  var dotProduct: Signed { wire(zip(activations, weights).map { $0 * $1 }.sum()) }

  var body: Circuit {
    When(enable) {
      accumulator <== clear.select(0, else: accumulator) &+ dotProduct
    }
    sum <== accumulator
  }
}

struct Pixel: Bundle {
  var red: Unsigned
  var green: Unsigned
  var blue: Unsigned
  init(bits: Int = 8) {
    red = field(.unsigned(bits))
    green = field(.unsigned(bits))
    blue = field(.unsigned(bits))
  }
}

/// Passes a stream on and swaps two colours on the way.
struct ColourSwap: Module {
  var bits = 8
  var pixels: Stream<Pixel> { sink(.bundle(Pixel(bits: bits))) }
  var swapped: Stream<Pixel> { source(.bundle(Pixel(bits: bits))) }
  var line: Vector<Pixel> { input(.vector(4, of: .bundle(Pixel(bits: bits)))) }
  var chosen: Unsigned { input(.unsigned(2)) }
  var picked: Pixel { output(.bundle(Pixel(bits: bits))) }
  var body: Circuit {
    swapped.payload.red <== pixels.payload.blue
    swapped.payload.green <== pixels.payload.green
    swapped.payload.blue <== pixels.payload.red
    swapped.valid <== pixels.valid
    pixels.ready <== swapped.ready
    picked <== line[chosen]
  }
}

enum Phase: Enumeration { case idle, load, run }

/// A small state machine with a table.
struct Sequencer: Module {
  var go: Bit { input(.bit) }
  var step: Unsigned { output(.unsigned(4)) }
  var word: Signed { output(.signed(8)) }
  var isBusy: Bit { output(.bit) }
  var phase: Choice<Phase> { register(.choice(), reset: .idle) }
  var count: Unsigned { register(.unsigned(4), reset: 0) }
  var squares: Memory<Signed> {
    memory(depth: 16, of: .signed(8), contents: (0..<16).map { BitVector(truncating: $0 * $0 - 100, width: 8) })
  }
  var body: Circuit {
    isBusy <== 1
    Switch(phase) {
      Case(.idle) {
        isBusy <== 0
        When(go) { phase <== .load }
      }
      Case(.load) {
        count <== 0
        phase <== .run
      }
      Case(.run) {
        count <== count &+ 1
        When(count == 9) { phase <== .idle }
      }
    }
    step <== count
    word <== squares[count]
  }
}

/// A tree of adders that contains itself, smaller.
struct AdderTree: Module {
  let inputs: Int
  var bits = 8
  var terms: Vector<Signed> { input(.vector(inputs, of: .signed(bits))) }
  var sum: Signed { output(.signed(bits + inputs.bitWidth - (inputs - 1).leadingZeroBitCount)) }
  var left: Instance<AdderTree> { instance(AdderTree(inputs: inputs / 2, bits: bits)) }
  var right: Instance<AdderTree> { instance(AdderTree(inputs: inputs - inputs / 2, bits: bits)) }
  var body: Circuit {
    if inputs == 1 {
      sum <== terms[0]
    } else {
      for index in 0..<inputs / 2 { left.terms[index] <== terms[index] }
      for index in inputs / 2..<inputs { right.terms[index - inputs / 2] <== terms[index] }
      sum <== (left.sum + right.sum).saturated(to: bits + inputs.bitWidth - (inputs - 1).leadingZeroBitCount)
    }
  }
}
