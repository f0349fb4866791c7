import Testing
import Weft
import WeftFormal

/// A product, as Swift writes it or from shifted sums.
private struct Product: Module {
  var isByHand: Bool
  var isBroken = false

  var a: Unsigned { input(.unsigned(5)) }
  var b: Unsigned { input(.unsigned(3)) }
  var result: Unsigned { output(.unsigned(8)) }

  var body: Circuit {
    if isByHand {
      let parts = (0..<3).map { bit in b[bit].select((a << bit).extended(to: 8), else: Unsigned(0)) }
      result <== (isBroken ? parts[0] &+ parts[1] : parts[0] &+ parts[1] &+ parts[2])
    } else {
      result <== a * b
    }
  }
}

/// A counter of four, in binary or as a bit that moves in a ring.
private struct Quarter: Module {
  var isRing: Bool

  var go: Bit { input(.bit) }
  var isLast: Bit { output(.bit) }
  var count: Unsigned { register(.unsigned(2), reset: 0) }
  var ring: Bits { register(.bits(4), reset: 1) }

  var body: Circuit {
    if isRing {
      When(go) { ring <== concatenate(ring[0..<3], ring[3]) }
      isLast <== ring[3]
    } else {
      When(go) { count <== count &+ 1 }
      isLast <== count == 3
    }
  }
}

/// An average of what came, its sum written in two ways.
private struct Average: Module {
  var isChain: Bool

  var sample: Unsigned { input(.unsigned(6)) }
  var mean: Unsigned { output(.unsigned(6)) }
  var window: Vector<Unsigned> { register(.vector(4, of: .unsigned(6)), reset: 0) }
  var total: Unsigned { register(.unsigned(8), reset: 0) }

  var body: Circuit {
    window[0] <== sample
    for index in 1..<4 { window[index] <== window[index - 1] }
    let sums = window.map { $0.extended(to: 8) }
    total <== (isChain ? sums[0] &+ sums[1] &+ sums[2] &+ sums[3] : (sums[3] &+ sums[1]) &+ (sums[2] &+ sums[0]))
    mean <== (total >> 2).truncated(to: 6)
  }
}

@Suite struct EquivalenceTests {
  @Test func logicIsCompared() throws {
    try proveEqual(Product(isByHand: true), Product(isByHand: false))
    let found = try #require(throws: Counterexample.self) {
      try proveEqual(Product(isByHand: true, isBroken: true), Product(isByHand: false))
    }
    #expect(found.property.property.sentence == "`result` is the same on both sides")
    #expect(found.trace.steps.count == 1)
  }

  @Test func stateOfOtherKindsIsCompared() throws {
    try proveEqual(Quarter(isRing: true), Quarter(isRing: false), by: .bounded(12))
  }

  @Test func registersOfEqualNamesAreTiedTogether() throws {
    try proveEqual(Average(isChain: true), Average(isChain: false))
  }

  @Test func differentPortsAreNamed() {
    let error = #expect(throws: FormalError.self) {
      try proveEqual(Product(isByHand: true), Quarter(isRing: true))
    }
    #expect(
      error?.message.hasSuffix(
        "differ in `a`: an input of 5 bits and nothing; `b`: an input of 3 bits and nothing; `go`: nothing and an input of "
          + "1 bits; `isLast`: nothing and an output of 1 bits; `result`: an output of 8 bits and nothing") == true)
  }
}
