import Weft

/// A child whose input wants to be connected.
private struct Stage: Module {
  var enable: Bit { input(.bit) }
  var value: Unsigned { input(.unsigned(4)) }
  var next: Unsigned { output(.unsigned(4)) }
  var held: Unsigned { register(.unsigned(4)) }
  var body: Circuit {
    When(enable) { held <== value }
    next <== held
  }
}

/// Ten different mistakes at once.
struct TenMistakes: Mistake {
  static let report = """
    +3: error: `always` is reserved in Verilog; choose another name [name] (in TenMistakes)
    +6: error: the reset value of `count` has to be a constant of 4 bits, but a signal was given [reset] (in \
    TenMistakes)
    +7: error: a value depends on itself without a register between: `circle[0]` <- `circle[0]` [loop] (in \
    TenMistakes)
    +8: error: the input `enable` of the instance `stage` is not connected [unconnected] (in TenMistakes)
    +11: error: bit 4 is asked of a value of 4 bits [index] (in TenMistakes)
    +12: error: `sum` has 4 bits, but a sum has 5; say what is meant with `.truncated(to: 4)` or \
    `.saturated(to: 4)` [width] (in TenMistakes)
    +13: error: the literal 16 needs 5 bits, but 4 are asked for [literal] (in TenMistakes)
    +14: error: `value` is given a value, but it is an input, which is driven from outside [direction] (in \
    TenMistakes)
    +16: error: `held` keeps its value on some path, which asks for a latch; give it a value on every path, for \
    instance a default before the first `When` [latch] (in TenMistakes)
    +18: error: the port `write` of the memory `memoryOfTwo` is written in more than one place; choose \
    address and value with `select` and write once, or give the other write a port of its own with `port:` \
    [memory-port] (in TenMistakes)
    """
  static let (file, line) = (#fileID, #line)
  var value: Unsigned { input(.unsigned(4)) }
  var words: Vector<Unsigned> { input(.vector(4, of: .unsigned(4))) }
  var always: Bit { output(.bit) }
  var sum: Unsigned { output(.unsigned(4)) }
  var held: Unsigned { output(.unsigned(4)) }
  var count: Unsigned { register(.unsigned(4), reset: value) }
  var circle: Unsigned { wire(.unsigned(4)) }
  private var stage: Instance<Stage> { instance(Stage()) }
  var memoryOfTwo: Memory<Unsigned> { memory(depth: 2, of: .unsigned(4)) }
  var body: Circuit {
    always <== value[4]
    sum <== value + 1
    count <== 16
    value <== circle
    circle <== circle &+ words[0]
    When(value == 3) { held <== memoryOfTwo[value[0].asUnsigned] }
    memoryOfTwo.write(value, at: 0)
    memoryOfTwo.write(value, at: 1)
    stage.value <== stage.next
  }
}
