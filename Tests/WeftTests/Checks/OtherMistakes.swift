import Weft

/// Literals that do not fit.
struct LargeLiterals: Mistake {
  static let (file, line) = (#fileID, #line)
  static let report = "+8"
  var value: Unsigned { input(.unsigned(4)) }
  var number: Signed { input(.signed(4)) }
  var isLarge: Bit { output(.bit) }
  var next: Unsigned { output(.unsigned(4)) }
  var code: Unsigned { output(.unsigned(2)) }
  var body: Circuit {
    isLarge <== (value > 16) & (number == -9)
    next <== -1
    Switch(value) {
      Case(17) { code <== 1 }
      Default { code <== 4 }
    }
  }
}

/// Places that a value does not have.
struct OutsideIndex: Mistake {
  static let (file, line) = (#fileID, #line)
  static let report = "+8"
  var value: Unsigned { input(.unsigned(4)) }
  var words: Vector<Bits> { input(.vector(3, of: .bits(4))) }
  var bit: Bit { output(.bit) }
  var bits: Bits { output(.bits(3)) }
  var word: Bits { output(.bits(4)) }
  var body: Circuit {
    bit <== value[4]
    bits <== value[2..<5]
    word <== words[3]
  }
}

/// Reset values that are none.
struct WrongReset: Mistake {
  static let (file, line) = (#fileID, #line)
  static let report = "+8"
  var start: Unsigned { input(.unsigned(4)) }
  var count: Unsigned { register(.unsigned(4), reset: start) }
  var wide: Unsigned { register(.unsigned(4), reset: Unsigned(3) + 15) }
  var value: Unsigned { output(.unsigned(5)) }
  var body: Circuit {
    count <== count &+ 1
    wide <== wide &+ 1
    value <== count + wide
  }
}

/// Reaches into an instance.
struct PrivateOfAChild: Mistake {
  static let (file, line) = (#fileID, #line)
  static let report = "+8"
  var counter: Instance<Sequencer> { instance(Sequencer()) }
  var value: Unsigned { output(.unsigned(4)) }
  var body: Circuit {
    counter.go <== 1
    value <== counter.count
  }
}

/// Cases listed twice and more than one default.
struct WrongCases: Mistake {
  static let (file, line) = (#fileID, #line)
  static let report = "+8"
  var value: Unsigned { input(.unsigned(4)) }
  var phase: Choice<Phase> { input(.choice()) }
  var code: Unsigned { output(.unsigned(2)) }
  var isBusy: Bit { output(.bit) }
  var body: Circuit {
    Switch(value) {
      Case(1, 2) { code <== 1 }
      Case(2) { code <== 2 }
      Default { code <== 0 }
      Default { code <== 3 }
    }
    Switch(phase) {
      Case(.idle) { isBusy <== 0 }
      Case(.run, .run) { isBusy <== 1 }
      Default { isBusy <== 0 }
    }
  }
}

/// Contains itself.
struct Endless: Mistake {
  static let (file, line) = (#fileID, #line)
  static let report = "+8"
  var value: Bit { input(.bit) }
  var inner: Instance<Endless> { instance(Endless()) }
  var body: Circuit { inner.value <== value }
}

/// Contains ever smaller ones.
struct Bottomless: Mistake {
  static let (file, line) = (#fileID, #line)
  static let report = "+8"
  var depth = 0
  var value: Bit { input(.bit) }
  var inner: Instance<Bottomless> { instance(Bottomless(depth: depth + 1)) }
  var body: Circuit { inner.value <== value }
}
