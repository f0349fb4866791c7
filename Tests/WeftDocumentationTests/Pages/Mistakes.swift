import Weft

// The examples of the page about diagnostics, one of each code.

struct Average: Module {
  var a: Unsigned { input(.unsigned(8)) }
  var b: Unsigned { input(.unsigned(8)) }
  var average: Unsigned { output(.unsigned(8)) }
  var body: Circuit {
    average <== a + b
  }
}

struct Ring: Module {
  var places = 1
  var value: Bit { input(.bit) }
  var copy: Bit { output(.bit) }
  var body: Circuit {
    require(places >= 2, "a ring has at least 2 places; \(places) were asked for")
    copy <== value
  }
}

struct Threshold: Module {
  var value: Unsigned { input(.unsigned(4)) }
  var isHigh: Bit { output(.bit) }
  var body: Circuit {
    isHigh <== value > 20
  }
}

struct TopBit: Module {
  var value: Unsigned { input(.unsigned(8)) }
  var top: Bit { output(.bit) }
  var body: Circuit {
    top <== value[8]
  }
}

struct Sampler: Module {
  var value: Bit { input(.bit) }
  var reg: Bit { output(.bit) }
  var body: Circuit {
    reg <== value
  }
}

struct TwoStages: Module {
  var value: Bit { input(.bit) }
  var late: Bit { output(.bit) }
  var first: Bit { register(.bit, named: "stage") }
  var second: Bit { register(.bit, named: "stage") }
  var body: Circuit {
    first <== value
    second <== first
    late <== second
  }
}

struct Countdown: Module {
  var start: Unsigned { input(.unsigned(4)) }
  var left: Unsigned { output(.unsigned(4)) }
  var count: Unsigned { register(.unsigned(4), reset: start) }
  var body: Circuit {
    count <== count &- 1
    left <== count
  }
}

struct Display: Module {
  var counter: Instance<Counter> { instance(Counter(bits: 4)) }
  var digit: Unsigned { output(.unsigned(4)) }
  var body: Circuit {
    counter.enable <== 1
    digit <== counter.value
  }
}

struct Clearing: Module {
  var request: Bit { input(.bit) }
  var isServed: Bit { output(.bit) }
  var body: Circuit {
    isServed <== request
    request <== 0
  }
}

enum Light: Enumeration { case red, green, amber }

struct Crossroads: Module {
  var light: Choice<Light> { input(.choice()) }
  var mayGo: Bit { output(.bit) }
  var body: Circuit {
    Switch(light) {
      Case(.red) { mayGo <== 0 }
      Case(.green) { mayGo <== 1 }
    }
  }
}

struct Nibbles: Module {
  var low: Unsigned { input(.unsigned(4)) }
  var wide: Bits { output(.bits(8)) }
  var body: Circuit {
    for bit in 0..<4 { wide[bit] <== low[bit] }
  }
}

struct Selector: Module {
  var isLeft: Bit { input(.bit) }
  var side: Unsigned { output(.unsigned(2)) }
  var body: Circuit {
    When(isLeft) { side <== 1 }
    side <== 2
  }
}

struct Enabler: Module {
  var count: Unsigned { input(.unsigned(4)) }
  var enable: Bit { output(.bit) }
  var body: Circuit {
    When(count == 3) { enable <== 1 }
  }
}

struct Accumulator: Module {
  var value: Unsigned { input(.unsigned(8)) }
  var total: Unsigned { output(.unsigned(8)) }
  var body: Circuit {
    total <== total &+ value
  }
}

struct SlowCounter: Module {
  var half: Bit { register(.bit) }
  var counter: Instance<Counter> { instance(Counter(bits: 4)) }
  var count: Unsigned { output(.unsigned(4)) }
  var body: Circuit {
    half <== !half
    counter.enable <== 1
    counter[.main].clock <== half
    counter[.main].reset <== 0
    count <== counter.count
  }
}

struct Indicator: Module {
  static let slow = Domain(clock: "slow_clock", reset: "slow_reset")
  var button: Bit { input(.bit) }
  var pressed: Bit { register(.bit, domain: Indicator.slow) }
  var lamp: Bit { register(.bit) }
  var isLit: Bit { output(.bit) }
  var body: Circuit {
    pressed <== button
    lamp <== pressed
    isLit <== lamp
  }
}

struct Clockwork: Module {
  var counter: Instance<Counter> { instance(Counter(bits: 4)) }
  var digit: Unsigned { output(.unsigned(4)) }
  var body: Circuit {
    digit <== counter.count
  }
}

struct Scratchpad: Module {
  var address: Unsigned { input(.unsigned(4)) }
  var isClearing: Bit { input(.bit) }
  var value: Unsigned { output(.unsigned(8)) }
  var words: Memory<Unsigned> { memory(depth: 16, of: .unsigned(8)) }
  var body: Circuit {
    value <== words[address]
    When(isClearing) { words.write(0, at: address) }
    words.write(1, at: 0)
  }
}

struct Tree: Module {
  var leaves: Int
  var value: Bit { input(.bit) }
  var left: Instance<Tree> { instance(Tree(leaves: leaves / 2)) }
  var body: Circuit {
    left.value <== value
  }
}
