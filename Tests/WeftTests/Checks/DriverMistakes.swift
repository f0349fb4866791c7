import Weft

/// Outputs that nothing drives, one in part.
struct Undriven: Mistake {
  static let report = """
    +2: error: nothing drives `nothing`; give it a value with `<==` [undriven] (in Undriven)
    +3: error: nothing drives `part[1]`; give it a value with `<==` [undriven] (in Undriven)
    +4: error: nothing drives `some[2]`, `some[6:4]`; give it a value with `<==` [undriven] (in Undriven)
    +5: error: nothing drives `never`; give it a value with `<==` [undriven] (in Undriven)
    """
  static let (file, line) = (#fileID, #line)
  var value: Bit { input(.bit) }
  var nothing: Unsigned { output(.unsigned(4)) }
  var part: Vector<Unsigned> { output(.vector(3, of: .unsigned(4))) }
  var some: Bits { output(.bits(8)) }
  var never: Unsigned { register(.unsigned(4)) }
  var body: Circuit {
    part[0] <== never
    part[2] <== 5
    for bit in [0, 1, 3, 7] { some[bit] <== value }
    _ = nothing
  }
}

/// Two values for the same bits.
struct DrivenTwice: Mistake {
  static let report = """
    +6: error: `copy[5:4]` has a value already, which this statement would hide; remove one, or put this one under \
    a condition [driven-twice] (in DrivenTwice)
    +8: error: `chosen` has a value already, which this statement would hide; remove one, or put this one under a \
    condition [driven-twice] (in DrivenTwice)
    """
  static let (file, line) = (#fileID, #line)
  var value: Bits { input(.bits(8)) }
  var copy: Bits { output(.bits(8)) }
  var chosen: Bit { output(.bit) }
  var body: Circuit {
    copy[0..<6] <== value[0..<6]
    copy[4..<8] <== value[4..<8]
    When(value[0]) { chosen <== 1 } else: { chosen <== 0 }
    chosen <== value[1]
  }
}

/// A value on some paths only.
struct Latching: Mistake {
  static let report = """
    +5: error: `held` keeps its value on some path, which asks for a latch; give it a value on every path, for \
    instance a default before the first `When` [latch] (in Latching)
    +6: error: `code` keeps its value on some path, which asks for a latch; give it a value on every path, for \
    instance a default before the first `When` [latch] (in Latching)
    """
  static let (file, line) = (#fileID, #line)
  var value: Unsigned { input(.unsigned(2)) }
  var held: Bit { output(.bit) }
  var code: Unsigned { output(.unsigned(3)) }
  var body: Circuit {
    When(value == 1) { held <== 1 }
    Switch(value) {
      Case(0) { code <== 4 }
      Case(1, 2) { code <== 2 }
    }
  }
}

/// A value that needs itself.
struct Looping: Mistake {
  static let report = """
    +3: error: a value depends on itself without a register between: `sum[0]` <- `next[0]` <- `sum[0]` [loop] (in \
    Looping)
    """
  static let (file, line) = (#fileID, #line)
  var value: Unsigned { input(.unsigned(4)) }
  var next: Unsigned { wire(.unsigned(4)) }
  var sum: Unsigned { output(.unsigned(4)) }
  var body: Circuit {
    next <== sum & value
    sum <== next &+ 1
  }
}

/// Passes a bit on, and another one at the next edge.
private struct Passage: Module {
  var left: Bit { input(.bit) }
  var right: Bit { output(.bit) }
  var early: Bit { input(.bit) }
  var late: Bit { output(.bit) }
  var stage: Bit { register(.bit) }
  var body: Circuit {
    right <== left
    stage <== early
    late <== stage
  }
}

/// A loop that runs through two instances.
struct LoopingThroughInstances: Mistake {
  static let report = """
    +1: error: a value depends on itself without a register between: `first_left` <- `second_right` <- \
    `second_left` <- `first_right` <- `first_left` [loop] (in LoopingThroughInstances)
    """
  static let (file, line) = (#fileID, #line)
  private var first: Instance<Passage> { instance(Passage()) }
  private var second: Instance<Passage> { instance(Passage()) }
  var value: Bit { output(.bit) }
  var body: Circuit {
    first.left <== second.right
    second.left <== !first.right
    first.early <== second.late
    second.early <== first.late
    value <== first.right
  }
}

/// Inputs of an instance that are left open, one in part.
struct Unconnected: Mistake {
  static let report = """
    +1: error: the input `terms` of the instance `adder` is not connected in full; missing: `adder_terms[0]`, \
    `adder_terms[2]` [unconnected] (in Unconnected)
    +2: error: the input `early` of the instance `passage` is not connected [unconnected] (in Unconnected)
    """
  static let (file, line) = (#fileID, #line)
  var adder: Instance<AdderTree> { instance(AdderTree(inputs: 3)) }
  private var passage: Instance<Passage> { instance(Passage()) }
  var value: Signed { input(.signed(8)) }
  var sum: Signed { output(.signed(10)) }
  var body: Circuit {
    adder.terms[1] <== value
    sum <== adder.sum
    passage.left <== 1
  }
}

/// Two writes to one memory.
struct TwoWrites: Mistake {
  static let report = """
    +10: error: the port `write` of the memory `words` is written in more than one place; choose \
    address and value with `select` and write once, or give the other write a port of its own with `port:` \
    [memory-port] (in TwoWrites)
    """
  static let (file, line) = (#fileID, #line)
  var address: Unsigned { input(.unsigned(4)) }
  var isHigh: Bit { input(.bit) }
  var value: Unsigned { output(.unsigned(8)) }
  var words: Memory<Unsigned> { memory(depth: 16, of: .unsigned(8)) }
  var body: Circuit {
    value <== words[address]
    When(isHigh) {
      words.write(1, at: address)
    } else: {
      words.write(2, at: 7)
    }
  }
}

/// Values for what takes none.
struct WrongDirection: Mistake {
  static let report = """
    +7: error: `value` is given a value, but it is an input, which is driven from outside [direction] (in \
    WrongDirection)
    +8: error: a sum stands on the side of `<==` that takes a value, but is not a signal [direction] (in \
    WrongDirection)
    +12: error: `passage_right` is given a value, but it is the output `right` of an instance, which drives it \
    [direction] (in WrongDirection)
    +14: error: `words_read` is given a value, but it is what a memory reads [direction] (in WrongDirection)
    """
  static let (file, line) = (#fileID, #line)
  var value: Unsigned { input(.unsigned(4)) }
  var sum: Unsigned { output(.unsigned(5)) }
  private var passage: Instance<Passage> { instance(Passage()) }
  var words: Memory<Bit> { memory(depth: 16, of: .bit) }
  var word: Bit { words[value] }
  var body: Circuit {
    value <== 3
    value + value <== 5
    sum <== 1
    passage.left <== 0
    passage.early <== 0
    passage.right <== 1
    words.write(1, at: value)
    word <== 1
  }
}
