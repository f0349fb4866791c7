import Weft

/// Literals that do not fit.
struct LargeLiterals: Mistake {
  static let report = """
    +7: error: the literal 16 needs 5 bits, but 4 are asked for [literal] (in LargeLiterals)
    +7: error: the literal -9 needs 5 bits, but 4 are asked for [literal] (in LargeLiterals)
    +8: error: the literal -1 is negative, but an unsigned value of 4 bits is asked for [literal] (in \
    LargeLiterals)
    +10: error: the case 17 does not fit the 4 bits of the subject of a Switch [literal] (in LargeLiterals)
    +11: error: the literal 4 needs 3 bits, but 2 are asked for [literal] (in LargeLiterals)
    """
  static let (file, line) = (#fileID, #line)
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
  static let report = """
    +7: error: bit 4 is asked of a value of 4 bits [index] (in OutsideIndex)
    +8: error: bits 2 to 4 are asked of a value of 4 bits [index] (in OutsideIndex)
    +9: error: element 3 is asked of a vector of 3 [index] (in OutsideIndex)
    """
  static let (file, line) = (#fileID, #line)
  var value: Unsigned { input(.unsigned(4)) }
  var words: Vector<Bits> { input(.vector(3, of: .bits(4))) }
  var top: Bit { output(.bit) }
  var bits: Bits { output(.bits(3)) }
  var word: Bits { output(.bits(4)) }
  var body: Circuit {
    top <== value[4]
    bits <== value[2..<5]
    word <== words[3]
  }
}

/// Reset values that are none.
struct WrongReset: Mistake {
  static let report = """
    +2: error: the reset value of `count` has to be a constant of 4 bits, but a signal was given [reset] (in \
    WrongReset)
    +3: error: the reset value of `wide` has to be a constant of 4 bits, but one of 5 was given [reset] (in \
    WrongReset)
    """
  static let (file, line) = (#fileID, #line)
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
  static let report = """
    +5: error: `count` of Sequencer is not a port, so that a parent cannot reach it [not-a-port] (in \
    PrivateOfAChild)
    """
  static let (file, line) = (#fileID, #line)
  var counter: Instance<Sequencer> { instance(Sequencer()) }
  var value: Unsigned { output(.unsigned(4)) }
  var body: Circuit {
    counter.go <== 1
    value <== counter.count
  }
}

/// Cases listed twice and more than one default.
struct WrongCases: Mistake {
  static let report = """
    +8: error: a Switch lists the case 2 twice [cases] (in WrongCases)
    +10: error: a Switch has more than one Default [cases] (in WrongCases)
    +14: error: a Switch lists the case run twice [cases] (in WrongCases)
    """
  static let (file, line) = (#fileID, #line)
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
  static let report = """
    +2: error: Endless() contains itself [recursion] (in Endless.inner)
    """
  static let (file, line) = (#fileID, #line)
  var value: Bit { input(.bit) }
  var inner: Instance<Endless> { instance(Endless()) }
  var body: Circuit { inner.value <== value }
}

/// Contains ever smaller ones.
struct Bottomless: Mistake {
  static let report = """
    +3: error: modules nest more than 500 deep; does the recursion of Bottomless ever end? [recursion] (in \
    Bottomless.inner.inner.inner.inner.inner)
    """
  static let (file, line) = (#fileID, #line)
  var depth = 0
  var value: Bit { input(.bit) }
  var inner: Instance<Bottomless> { instance(Bottomless(depth: depth + 1)) }
  var body: Circuit { inner.value <== value }
}

/// A parameter that a module refuses.
struct RefusedParameter: Mistake {
  static let report = """
    +5: error: a ring has at least 2 places; 1 were asked for [parameter] (in RefusedParameter)
    """
  static let (file, line) = (#fileID, #line)
  var places = 1
  var value: Bit { input(.bit) }
  var copy: Bit { output(.bit) }
  var body: Circuit {
    require(places >= 2, "a ring has at least 2 places; \(places) were asked for")
    copy <== value
  }
}
