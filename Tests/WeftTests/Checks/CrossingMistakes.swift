import Weft

extension Domain {
  /// A clock that has nothing to do with the main one.
  static let pixel = Domain(clock: "pixel_clock", reset: "pixel_reset")
}

/// Registers, an enable, a memory and bits of one vector that change with a clock other than their own.
struct Crossing: Mistake {
  static let report = """
    +3: error: `taken`, at the clock `pixel_clock`, takes a value that changes with the clock `clock`: `taken` <- \
    `mixed[0]` <- `slow`; bring it over with a synchroniser, whose first register says `samples:` [crossing] (in \
    Crossing)
    +5: error: `words`, at the clock `pixel_clock`, takes a value that changes with the clock `clock`: `words` <- \
    `read[0]` <- `read_entries[0]`; bring it over with a synchroniser, whose first register says `samples:` \
    [crossing] (in Crossing)
    """
  static let (file, line) = (#fileID, #line)
  var slow: Bit { register(.bit) }
  var fast: Bit { register(.bit, domain: .pixel) }
  var taken: Bit { register(.bit, enable: !mixed[0], domain: .pixel) }
  var entries: Memory<Unsigned> { memory(depth: 4, of: .unsigned(2)) }
  var words: Memory<Unsigned> { memory(depth: 4, of: .unsigned(2), domain: .pixel) }
  var mixed: Bits { wire(.bits(2)) }
  var read: Unsigned { wire(entries.read(0, port: "read_entries")) }
  var value: Unsigned { output(.unsigned(2)) }
  var body: Circuit {
    mixed[0] <== slow
    mixed[1] <== fast
    slow <== !slow
    fast <== mixed[1]
    taken <== 1
    When(taken) { words.write(3, at: read) }
    value <== words[1]
  }
}

/// Passes a bit through, takes another at the pixel clock and launches a third at the main one.
private struct Shore: Module {
  var left: Bit { input(.bit) }
  var right: Bit { output(.bit) }
  var early: Bit { input(.bit) }
  var late: Bit { output(.bit) }
  var taken: Bit { register(.bit, domain: .pixel) }
  var launched: Bit { register(.bit) }
  var isSeen: Bit { output(.bit) }
  var body: Circuit {
    right <== !left
    taken <== !early
    launched <== !launched
    late <== launched
    isSeen <== taken
  }
}

/// A crossing that begins in one instance, passes through another and ends in a third.
struct CrossingThroughInstances: Mistake {
  static let report = """
    +3: error: `to.taken`, at the clock `pixel_clock`, takes a value that changes with the clock `clock`: `to.taken` \
    <- `to.early` <- `over.right` <- `over.left` <- `from.late` <- `from.launched`; bring it over with a \
    synchroniser, whose first register says `samples:` [crossing] (in CrossingThroughInstances)
    """
  static let (file, line) = (#fileID, #line)
  private var from: Instance<Shore> { instance(Shore()) }
  private var over: Instance<Shore> { instance(Shore()) }
  private var to: Instance<Shore> { instance(Shore()) }
  var start: Bit { input(.bit) }
  var isSeen: Bit { output(.bit) }
  var body: Circuit {
    from.left <== start
    from.early <== start
    over.left <== from.late
    over.early <== start
    to.left <== start
    to.early <== over.right
    isSeen <== to.isSeen
  }
}

/// A synchroniser of two registers, of which the first says what it samples: no mistake.
struct Synchronised: Module {
  var toggle: Bit { register(.bit) }
  var first: Bit { register(.bit, domain: .pixel, samples: .main) }
  var second: Bit { register(.bit, domain: .pixel) }
  var value: Bit { output(.bit) }
  var body: Circuit {
    toggle <== !toggle
    first <== toggle
    second <== first
    value <== second
  }
}

/// Registers of a domain whose reset acts at once.
private struct Instant: Module {
  static let domain = Domain(clock: "clock", reset: "clear", resetKind: .asynchronous)
  var taken: Bit { input(.bit) }
  var value: Bit { register(.bit, reset: 0, domain: Self.domain) }
  var isSeen: Bit { output(.bit) }
  var body: Circuit {
    value <== taken
    isSeen <== value
  }
}

/// Clocks and resets that instances cannot take.
struct WrongClocks: Mistake {
  static let report = """
    +6: error: the clock `clock` of the instance `lonely` is given, but not the reset `clear` that belongs to it \
    [unconnected] (in WrongClocks)
    +10: error: the clock `divided.clock` comes from `half`, which is computed; a clock is an input or made by a black \
    box, and registers that change more seldom have an `enable:` [clock] (in WrongClocks)
    +12: error: the reset `glitching.clear` acts at once, but comes from logic, which is computed and has glitches; put \
    a register between [reset] (in WrongClocks)
    +15: error: `foreign` has no clock or reset `reset`: no register or memory in it uses that [not-a-port] (in \
    WrongClocks)
    """
  static let (file, line) = (#fileID, #line)
  var pin: Bit { input(.bit) }
  var half: Bit { register(.bit) }
  private var glitching: Instance<Instant> { instance(Instant()) }
  private var foreign: Instance<Instant> { instance(Instant()) }
  private var divided: Instance<Instant> { instance(Instant()) }
  private var lonely: Instance<Instant> { instance(Instant()) }
  var isSeen: Bits { output(.bits(4)) }
  var body: Circuit {
    half <== !half
    divided[Instant.domain].clock <== half
    divided[Instant.domain].reset <== 0
    glitching[Instant.domain].reset <== half & pin
    lonely[Instant.domain].clock <== pin
    foreign[Instant.domain].reset <== half
    foreign[.main].reset <== half
    for (bit, instance) in [glitching, foreign, divided, lonely].enumerated() {
      instance.taken <== pin
      isSeen[bit] <== instance.isSeen
    }
  }
}

/// A value and a reset that belong to the clock of another pin.
struct CrossingPins: Mistake {
  static let report = """
    +4: error: `right.value`, at the clock `rightPin`, takes a value that changes with the clock `leftPin`: \
    `right.value` <- `right.taken` <- `left.isSeen` <- `left.value`; bring it over with a synchroniser, whose first \
    register says `samples:` [crossing] (in CrossingPins)
    +13: error: `right.clear`, at the clock `rightPin`, takes a value that changes with the clock `clock`: \
    `right.clear` <- `right_clear` <- `request`; bring it over with a synchroniser, whose first register says \
    `samples:` [crossing] (in CrossingPins)
    """
  static let (file, line) = (#fileID, #line)
  var leftPin: Bit { input(.bit) }
  private var left: Instance<Instant> { instance(Instant()) }
  var rightPin: Bit { input(.bit) }
  private var right: Instance<Instant> { instance(Instant()) }
  var request: Bit { register(.bit) }
  var isSeen: Bit { output(.bit) }
  var body: Circuit {
    request <== leftPin
    left[Instant.domain].clock <== leftPin
    left[Instant.domain].reset <== 0
    left.taken <== rightPin
    right[Instant.domain].clock <== rightPin
    right[Instant.domain].reset <== request
    right.taken <== left.isSeen
    isSeen <== right.isSeen
  }
}
