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
