import Weft

/// A fixed-point multiplication and addition, rounded and saturated.
struct FixedMixer: Module {
  var sample: Fixed { input(.fixed(2, 6)) }
  var gain: Fixed { input(.fixed(1, 7)) }
  var scaled: Fixed { output(.fixed(2, 6)) }
  var mixed: Fixed { output(.fixed(4, 7)) }
  var isQuiet: Bit { output(.bit) }
  var held: Fixed { register(.fixed(2, 6), reset: -0.75) }
  var body: Circuit {
    scaled <== (sample * gain).rounded(toFraction: 6).saturated(toInteger: 2)
    mixed <== held + gain + 0.25
    isQuiet <== sample < 0.5
    held <== isQuiet.select(sample, else: 1.5)
  }
}

enum Lamp: Enumeration {
  case red, green, amber
  static var encoding: EnumerationEncoding { .oneHot }
}

/// Every case of an enumeration with a bit a case.
struct TrafficLight: Module {
  var isBlocked: Bit { input(.bit) }
  var shown: Bits { output(.bits(3)) }
  var lamp: Choice<Lamp> { register(.choice(), reset: .red) }
  var body: Circuit {
    Switch(lamp) {
      Case(.red) { lamp <== isBlocked.select(.red, else: .green) }
      Case(.green) { When(isBlocked) { lamp <== .amber } }
      Case(.amber) { lamp <== .red }
    }
    shown <== lamp.asBits
  }
}

/// Cases with bits that do not matter.
struct OpcodeDecoder: Module {
  var opcode: Bits { input(.bits(6)) }
  var unit: Unsigned { output(.unsigned(3)) }
  var isShort: Bit { output(.bit) }
  var body: Circuit {
    Switch(opcode) {
      Case("00_????") { unit <== 1 }
      Case("1?_??01", "1?_??10") { unit <== 2 }
      Case("??_1???") { unit <== 3 }
      Case(0b10_0000) { unit <== 4 }
      Default { unit <== 0 }
    }
    Switch(opcode) {
      Case("?1_????") { isShort <== 0 }
      Case("?0_????") { isShort <== 1 }
    }
  }
}

/// A vector of vectors and single bits, written and read where the hardware says.
struct CellGrid: Module {
  var row: Unsigned { input(.unsigned(2)) }
  var column: Unsigned { input(.unsigned(1)) }
  var place: Unsigned { input(.unsigned(3)) }
  var value: Unsigned { input(.unsigned(8)) }
  var chosen: Unsigned { output(.unsigned(8)) }
  var flag: Bit { output(.bit) }
  var cells: Vector<Vector<Unsigned>> { register(.vector(3, of: .vector(2, of: .unsigned(8)))) }
  var flags: Bits { register(.bits(6)) }
  var body: Circuit {
    cells[row][column] <== value
    When(value[7]) { cells[row][1] <== value &+ 1 }
    flags[place] <== value[0]
    chosen <== cells[row][column]
    flag <== flags[place]
  }
}

/// A vector of bundles, written whole and in one field where the hardware says.
struct PixelBuffer: Module {
  var place: Unsigned { input(.unsigned(2)) }
  var isWritten: Bit { input(.bit) }
  var pixel: Pixel { input(.bundle(Pixel(bits: 4))) }
  var shown: Pixel { output(.bundle(Pixel(bits: 4))) }
  var last: Pixel { output(.bundle(Pixel(bits: 4))) }
  var line: Vector<Pixel> { register(.vector(3, of: .bundle(Pixel(bits: 4)))) }
  var body: Circuit {
    When(isWritten) { line[place] <== pixel } else: { line[place].red <== 0 }
    shown <== line[place]
    last <== line[2]
  }
}

/// Rows of bundles: written whole, kept whole in a memory, and read where the hardware says.
struct PixelRows: Module {
  var row: Unsigned { input(.unsigned(1)) }
  var column: Unsigned { input(.unsigned(1)) }
  var pixels: Vector<Pixel> { input(.vector(2, of: .bundle(Pixel(bits: 4)))) }
  var shown: Pixel { output(.bundle(Pixel(bits: 4))) }
  var stored: Pixel { output(.bundle(Pixel(bits: 4))) }
  var rows: Vector<Vector<Pixel>> { register(.vector(2, of: .vector(2, of: .bundle(Pixel(bits: 4))))) }
  var store: Memory<Vector<Pixel>> { memory(depth: 2, of: .vector(2, of: .bundle(Pixel(bits: 4)))) }
  var body: Circuit {
    rows[row] <== pixels
    store.write(pixels, at: row)
    shown <== rows[row][column]
    stored <== store[row][column]
  }
}

/// A stream that goes where the hardware says.
struct StreamRouter: Module {
  var target: Unsigned { input(.unsigned(1)) }
  var incoming: Stream<Unsigned> { sink(.unsigned(4)) }
  var outgoing: Vector<Stream<Unsigned>> { output(.vector(2, of: .stream(of: .unsigned(4)))) }
  var body: Circuit {
    for stream in outgoing {
      stream.payload <== 0
      stream.valid <== 0
    }
    outgoing[target] <== incoming
  }
}

enum LoaderPhase: Enumeration { case idle, load, run }
enum BurstPhase: Enumeration {
  case address, data, done
  static var encoding: EnumerationEncoding { .gray }
}

/// A state that lasts as long as a signal says.
struct Pulser: Module {
  var go: Bit { input(.bit) }
  var length: Unsigned { input(.unsigned(4)) }
  var isHigh: Bit { output(.bit) }
  var phase: StateMachine<LoaderPhase> { stateMachine(startingIn: .idle) }
  var body: Circuit {
    isHigh <== phase.isIn(.load)
    phase.states {
      During(.idle) { When(go) { phase.go(to: .load) } }
      During(.load, cycles: length, then: .run)
      During(.run, cycles: 3, then: .idle)
    }
  }
}

/// A state machine with another inside it.
struct Loader: Module {
  var go: Bit { input(.bit) }
  var stop: Bit { input(.bit) }
  var isLoading: Bit { output(.bit) }
  var isDone: Bit { output(.bit) }
  var isBusy: Bit { output(.bit) }
  var words: Unsigned { output(.unsigned(4)) }
  var count: Unsigned { register(.unsigned(4), reset: 0) }
  var phase: StateMachine<LoaderPhase> { stateMachine(startingIn: .idle) }
  var burst: StateMachine<BurstPhase> { stateMachine(startingIn: .address) }

  var body: Circuit {
    isLoading <== 0
    isDone <== 0
    phase.states {
      During(.idle) { When(go) { phase.go(to: .load) } }
      During(.load, cycles: 4, then: .run) { isLoading <== 1 }
      During(.run) { bursts } entry: {
        count <== 0
        burst.restart()
      } exit: {
        isDone <== 1
      }
    }
    words <== count
    isBusy <== !phase.isIn(.idle)
  }

  @CircuitBuilder var bursts: Circuit {
    burst.states {
      During(.address, cycles: 2, then: .data)
      During(.data) {
        count <== count &+ 1
        When(stop) { burst.go(to: .done) }
      }
      During(.done) { phase.go(to: .idle) }
    }
  }
}
