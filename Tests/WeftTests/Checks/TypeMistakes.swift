import Weft

/// Fixed-point numbers of other shapes than asked for.
struct FixedShapes: Mistake {
  static let report = """
    +8: error: `product` is Fixed(4, 4), but a product is Fixed(8, 8); say what is meant with \
    `.rounded(toFraction: 4)` and `.saturated(toInteger: 4)` [width] (in FixedShapes)
    +9: error: `moved` is Fixed(5, 3), but `value` is Fixed(4, 4); say what is meant with `.rounded(toFraction: 3)` \
    [width] (in FixedShapes)
    +10: error: `longer` is Fixed(6, 6), but `value` is Fixed(4, 4); say what is meant with \
    `.extended(to: .fixed(6, 6))` [width] (in FixedShapes)
    +11: error: a Fixed(4, 4) cannot be extended to Fixed(3, 5); use `.rounded(toFraction:)`, \
    `.saturated(toInteger:)` or `.truncated(toInteger:)` [width] (in FixedShapes)
    +12: error: a Fixed with -6 bits before the point and 4 after it has no bits at all [width] (in FixedShapes)
    """
  static let (file, line) = (#fileID, #line)
  var value: Fixed { input(.fixed(4, 4)) }
  var product: Fixed { output(.fixed(4, 4)) }
  var moved: Fixed { output(.fixed(5, 3)) }
  var longer: Fixed { output(.fixed(6, 6)) }
  var shorter: Fixed { output(.fixed(3, 5)) }
  var nothing: Bits { output(.bits(1)) }
  var body: Circuit {
    product <== value * value
    moved <== value
    longer <== value
    shorter <== value.extended(to: .fixed(3, 5))
    nothing <== value.truncated(toInteger: -6).asBits
  }
}

/// Numbers that a shape does not hold.
struct FixedLiterals: Mistake {
  static let report = """
    +5: error: the literal 0.3 is no Fixed(4, 4), a multiple of 0.0625 from -8 to less than 8 [literal] (in \
    FixedLiterals)
    +5: error: the literal 8 is no Fixed(4, 4), a multiple of 0.0625 from -8 to less than 8 [literal] (in \
    FixedLiterals)
    +6: error: inf is no number that a Fixed could hold [literal] (in FixedLiterals)
    """
  static let (file, line) = (#fileID, #line)
  var value: Fixed { input(.fixed(4, 4)) }
  var isOdd: Bit { output(.bit) }
  var most: Fixed { output(.fixed(4, 4)) }
  var body: Circuit {
    isOdd <== (value == 0.3) | (value < 8)
    most <== Fixed(Double.infinity)
  }
}

/// Patterns that do not fit, or that others hide.
struct WrongPatterns: Mistake {
  static let report = """
    +5: error: the case "1?" has 2 digits, but the subject of a Switch has 4 bits [literal] (in WrongPatterns)
    +6: error: the case "1x??" of a Switch is made of other signs than `0`, `1`, `?` and `_` [literal] (in \
    WrongPatterns)
    +9: error: the case 99 does not fit the 4 bits of the subject of a Switch [literal] (in WrongPatterns)
    +9: error: the case 12 of a Switch is never reached, since the cases before it take all that it stands for; put \
    it before them, or remove it [cases] (in WrongPatterns)
    +11: error: a Switch has more than one Default [cases] (in WrongPatterns)
    """
  static let (file, line) = (#fileID, #line)
  var value: Unsigned { input(.unsigned(4)) }
  var code: Unsigned { output(.unsigned(2)) }
  var body: Circuit {
    Switch(value) {
      Case("1?") { code <== 1 }
      Case("1x??") { code <== 1 }
      Case("1??0") { code <== 3 }
      Case("1?1?", "0??1") { code <== 1 }
      Case(12, 99) { code <== 2 }
      Default { code <== 0 }
      Default { code <== 0 }
    }
  }
}

/// Cases and states that are forgotten.
struct MissingCases: Mistake {
  static let report = """
    +6: error: a Switch over LoaderPhase does not say what happens in load, run; add these cases, or a `Default` \
    [cases] (in MissingCases)
    +9: error: the state machine `machine` does not say what happens in load; list every state once [cases] (in \
    MissingCases)
    +11: error: the state run of `machine` lasts 0 cycles; a state lasts 1 at least [cases] (in MissingCases)
    """
  static let (file, line) = (#fileID, #line)
  var phase: Choice<LoaderPhase> { input(.choice()) }
  var code: Unsigned { output(.unsigned(2)) }
  var machine: StateMachine<LoaderPhase> { stateMachine(startingIn: .idle) }
  var body: Circuit {
    code <== 0
    Switch(phase) {
      Case(.idle) { code <== 1 }
    }
    machine.states {
      During(.idle) {}
      During(.run, cycles: 0, then: .idle)
    }
  }
}
