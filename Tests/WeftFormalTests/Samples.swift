import Weft

/// A counter that stops at a limit.
struct Saturating: Module {
  var limit = 5
  /// Where it really stops.
  var stop = 5

  var up: Bit { input(.bit) }
  var count: Unsigned { output(.unsigned(4)) }
  var value: Unsigned { register(.unsigned(4), reset: 0) }

  var body: Circuit {
    When(up & (value != Unsigned(stop))) { value <== value &+ 1 }
    count <== value
    Assert(value <= Unsigned(limit), "the counter stays within its limit")
    Cover(value == Unsigned(limit), "the limit is reached")
  }
}

/// A memory that remembers the last value written to each of five places.
struct Notebook: Module {
  var width = 4
  /// Whether the first place is written wherever any is.
  var isBroken = false

  var address: Unsigned { input(.unsigned(3)) }
  var value: Unsigned { input(.unsigned(width)) }
  var writes: Bit { input(.bit) }
  var watched: Unsigned { input(.unsigned(3)) }
  var words: Memory<Unsigned> { memory(depth: 5, of: .unsigned(width)) }
  var word: Unsigned { wire(words.read(address)) }
  /// What was last written to place 3, and whether that is what `word` shows.
  var shadow: Unsigned { register(.unsigned(width), reset: 0) }
  var shown: Unsigned { register(.unsigned(width), reset: 0) }
  var isShown: Bit { register(.bit, reset: 0) }
  var last: Unsigned { output(.unsigned(width)) }

  var body: Circuit {
    last <== word
    When(writes) { words.write(value, at: isBroken ? (value == 9).select(3, else: address) : address) }
    When(writes & (address == 3)) { shadow <== value }
    shown <== shadow
    isShown <== address == 3
    When(isShown) { Assert(word == shown, "a place shows what was last written to it") }
  }
}

/// Two counters in clock domains of their own; the second never runs ahead of the first by more than it may.
struct TwoClocks: Module {
  static let fast = Domain(clock: "fast", reset: "fast_reset")
  static let slow = Domain(clock: "slow", edge: .falling, reset: "slow_reset")
  var limit = 3

  var a: Unsigned { register(.unsigned(2), reset: 0, domain: Self.fast) }
  var b: Unsigned { register(.unsigned(2), reset: 0, domain: Self.slow, samples: Self.fast) }
  var difference: Unsigned { output(.unsigned(2)) }

  var body: Circuit {
    a <== a &+ 1
    b <== a
    difference <== a &- b
    Assert(a &- b != Unsigned(limit), "the slow side keeps up", domain: nil)
  }
}

/// A counter that its surroundings tell when they reset it.
struct HeldCounter: Module {
  var isHeld: Bit { input(.bit) }
  var count: Unsigned { output(.unsigned(4)) }
  var value: Unsigned { register(.unsigned(4), reset: 0) }
  var body: Circuit {
    value <== value &+ 1
    count <== value
    Assert(!isHeld, "nothing is claimed under reset")
  }
}

/// Resets a counter after it has shown 9.
struct Restarting: Module {
  var limit = 10
  var isFull: Bit { register(.bit, reset: 0) }
  var counter: Instance<HeldCounter> { instance(HeldCounter()) }
  var count: Unsigned { output(.unsigned(4)) }
  var body: Circuit {
    isFull <== counter.count == 9
    counter[.main].reset <== isFull
    counter.isHeld <== isFull
    count <== counter.count
    Assert(counter.count <= Unsigned(limit), "the counter is reset in time")
  }
}

/// A counter at the clock of a pin.
struct Pinned: Module {
  var pin: Bit { input(.bit) }
  var counter: Instance<HeldCounter> { instance(HeldCounter()) }
  var count: Unsigned { output(.unsigned(4)) }
  var body: Circuit {
    counter[.main].clock <== pin
    counter[.main].reset <== 0
    counter.isHeld <== 0
    count <== counter.count
  }
}
