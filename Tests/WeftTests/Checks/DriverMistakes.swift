import Weft

/// Outputs that nothing drives, one in part.
struct Undriven: Mistake {
  static let (file, line) = (#fileID, #line)
  static let report = "+8"
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
  static let (file, line) = (#fileID, #line)
  static let report = "+8"
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
  static let (file, line) = (#fileID, #line)
  static let report = "+8"
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
  static let (file, line) = (#fileID, #line)
  static let report = "+8"
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
  var input: Bit { self.input(.bit) }
  var output: Bit { self.output(.bit) }
  var early: Bit { self.input(.bit) }
  var late: Bit { self.output(.bit) }
  var stage: Bit { register(.bit) }
  var body: Circuit {
    output <== input
    stage <== early
    late <== stage
  }
}

/// A loop that runs through two instances.
struct LoopingThroughInstances: Mistake {
  static let (file, line) = (#fileID, #line)
  static let report = "+8"
  private var first: Instance<Passage> { instance(Passage()) }
  private var second: Instance<Passage> { instance(Passage()) }
  var value: Bit { output(.bit) }
  var body: Circuit {
    first.input <== second.output
    second.input <== !first.output
    first.early <== second.late
    second.early <== first.late
    value <== first.output
  }
}

/// Inputs of an instance that are left open, one in part.
struct Unconnected: Mistake {
  static let (file, line) = (#fileID, #line)
  static let report = "+8"
  var adder: Instance<AdderTree> { instance(AdderTree(inputs: 3)) }
  private var passage: Instance<Passage> { instance(Passage()) }
  var value: Signed { input(.signed(8)) }
  var sum: Signed { output(.signed(10)) }
  var body: Circuit {
    adder.terms[1] <== value
    sum <== adder.sum
    passage.input <== 1
  }
}

/// Two writes to one memory.
struct TwoWrites: Mistake {
  static let (file, line) = (#fileID, #line)
  static let report = "+8"
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
  static let (file, line) = (#fileID, #line)
  static let report = "+8"
  var value: Unsigned { input(.unsigned(4)) }
  var sum: Unsigned { output(.unsigned(5)) }
  private var passage: Instance<Passage> { instance(Passage()) }
  var words: Memory<Bit> { memory(depth: 16, of: .bit) }
  var word: Bit { words[value] }
  var body: Circuit {
    value <== 3
    value + value <== 5
    sum <== 1
    passage.input <== 0
    passage.early <== 0
    passage.output <== 1
    words.write(1, at: value)
    word <== 1
  }
}
