import Testing
import Weft
import WeftRandom
import WeftSimulation

/// Every operator of a type on two operands, each with an output of its own.
private protocol OperatorBench: Module {
  associatedtype Number: Signal
  /// The result of every operator.
  static func results(_ a: Number, _ b: Number) -> [Bits]
  var a: Number { get }
  var b: Number { get }
  /// The constant with these bits.
  func constant(_ bits: BitVector, isFirst: Bool) -> Number
  /// How wide the operands are.
  var widths: [Int] { get }
}

extension OperatorBench {
  func output(_ index: Int, width: Int) -> Bits { output(.bits(width), named: "result\(index)") }
  @CircuitBuilder var body: Circuit {
    for (index, result) in Self.results(a, b).enumerated() { output(index, width: result.width) <== result }
  }
}

private struct SignedBench: OperatorBench {
  let widths: [Int]
  var a: Signed { input(.signed(widths[0])) }
  var b: Signed { input(.signed(widths[1])) }
  init(_ a: Int, _ b: Int) { widths = [a, b] }
  func constant(_ bits: BitVector, isFirst: Bool) -> Signed { Bits(bits).asSigned }

  static func results(_ a: Signed, _ b: Signed) -> [Bits] {
    [
      (a + b).asBits, (a - b).asBits, (a * b).asBits, (a &+ b).asBits, (a &- b).asBits, (a &* b).asBits, (-a).asBits,
      (~a).asBits, (a == b).asBits, (a < b).asBits, (a >= b).asBits, (a << 3).asBits, (a >> 1).asBits,
      (a &>> b[0...0].asUnsigned).asBits, (a &<< b[0...0].asUnsigned).asBits, (a < b).select(a, else: b).asBits,
      (a * b).saturated(to: 3).asBits, (a + b).truncated(to: 1).asBits, (a + b).isAnySet.asBits,
      (a * b).rounded(by: 2, .down).asBits, (a * b).rounded(by: 2, .up).asBits,
      (a * b).rounded(by: 3, .towardZero).asBits, (a * b).rounded(by: 2, .toNearestOrEven).asBits,
      (a * b).rounded(by: 2, .toNearestOrUp).asBits, (a * b).rounded(by: 2, .toNearestOrAwayFromZero).asBits,
      concatenate(b, a), [a, b, a].sum().asBits, Vector([a, a &+ 0])[b[0...0].asUnsigned].asBits,
    ]
  }
}

private struct UnsignedBench: OperatorBench {
  let widths: [Int]
  var a: Unsigned { input(.unsigned(widths[0])) }
  var b: Unsigned { input(.unsigned(widths[1])) }
  init(_ a: Int, _ b: Int) { widths = [a, b] }
  func constant(_ bits: BitVector, isFirst: Bool) -> Unsigned { Bits(bits).asUnsigned }

  static func results(_ a: Unsigned, _ b: Unsigned) -> [Bits] {
    [
      (a + b).asBits, (a - b).asBits, (a * b).asBits, (a &+ b).asBits, (a &- b).asBits, (a &* b).asBits, (~a).asBits,
      (a == b).asBits, (a < b).asBits, (a >= b).asBits, (a << 3).asBits, (a >> 1).asBits, (a &>> b).asBits,
      (a &<< b).asBits, (a < b).select(a, else: b).asBits, (a * b).saturated(to: 1).asBits, a[b].asBits,
      (a * b).rounded(by: 1).asBits, (a * b).rounded(by: 1, .up).asBits, a.parity.asBits, a.extendedToSigned.asBits,
      a.isAllOnes.repeated(3),
    ]
  }
}

private struct FixedBench: OperatorBench {
  let shapes: [Shape<Fixed>]
  var widths: [Int] { shapes.map(\.width) }
  var a: Fixed { input(shapes[0]) }
  var b: Fixed { input(shapes[1]) }
  init(_ a: Shape<Fixed>, _ b: Shape<Fixed>) { shapes = [a, b] }
  func constant(_ bits: BitVector, isFirst: Bool) -> Fixed {
    Bits(bits).asFixed(fractionBits: shapes[isFirst ? 0 : 1].fractionBits)
  }

  static func results(_ a: Fixed, _ b: Fixed) -> [Bits] {
    [
      (a + b).asBits, (a - b).asBits, (a * b).asBits, (a &+ b).asBits, (a &- b).asBits, (a &* b).asBits, (-a).asBits,
      (a == b).asBits, (a < b).asBits, (a <= b).asBits, (a < b).select(a, else: b).asBits,
      a.scaled(byPowerOfTwo: 3).asBits, (a * b).rounded(toFraction: 1).asBits,
      (a * b).rounded(toFraction: 1, .down).asBits, (a * b).rounded(toFraction: 1, .up).asBits,
      (a * b).rounded(toFraction: 1, .towardZero).asBits, (a * b).rounded(toFraction: 1, .toNearestOrUp).asBits,
      (a * b).rounded(toFraction: 1, .toNearestOrAwayFromZero).asBits,
      (a + b).rounded(toFraction: 3).saturated(toInteger: 2).asBits,
      (a + b).rounded(toFraction: 3).truncated(toInteger: 2).asBits, (a * -2.5).asBits,
      (a.rounded(toFraction: 4) + 0.0625).asBits,
    ]
  }
}

/// Constants outside modules compute as signals do.
@Suite struct ConstantTests {
  /// Random operands through the hardware and through the constants.
  private func compare<B: OperatorBench>(_ bench: B, _ random: inout SeededGenerator, _ seed: UInt64) throws {
    let engine = InterpreterEngine(try Design(bench))
    for _ in 0..<12 {
      let (x, y) = (
        BitVector(words: [random.next(), random.next()], width: bench.widths[0]),
        BitVector(words: [random.next(), random.next()], width: bench.widths[1])
      )
      engine.storage(ofPort: "a")?.value = x
      engine.storage(ofPort: "b")?.value = y
      let (a, b) = (bench.constant(x, isFirst: true), bench.constant(y, isFirst: false))
      for (index, constant) in B.results(a, b).enumerated() {
        let hardware = try #require(engine.storage(ofPort: "result\(index)")?.value)
        try #require(constant.constantBits == hardware, "seed \(seed), result \(index) of \(x) and \(y)")
      }
    }
  }

  @Test(arguments: 0..<8 as Range<UInt64>) func constantsComputeAsHardware(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    func width() -> Int { random.oneIn(4) ? random.number(in: 60...70) : random.number(in: 2...12) }
    try compare(SignedBench(width(), width()), &random, seed)
    try compare(UnsignedBench(width(), width()), &random, seed)
    func shape() -> Shape<Fixed> {
      let fraction = random.number(in: -2...8)
      return .fixed(random.number(in: max(-2, 1 - fraction)...8), fraction)
    }
    try compare(FixedBench(shape(), shape()), &random, seed)
  }

  /// The definition in real numbers: nothing is lost, and rounding is that of Swift's own numbers.
  @Test(arguments: 0..<200 as Range<UInt64>) func fixedPointIsExact(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    func number() -> (Fixed, Double) {
      let fraction = random.number(in: -2...8)
      let shape = Shape<Fixed>.fixed(random.number(in: max(-2, 1 - fraction)...8), fraction)
      let value = shape.nearest(to: Double(random.number(in: -2000...2000)) / 64)
      return (Fixed(value, as: shape), value)
    }
    let ((a, x), (b, y)) = (number(), number())
    #expect(a.constant == x && b.constant == y)
    #expect((a + b).constant == x + y, "seed \(seed)")
    #expect((a - b).constant == x - y, "seed \(seed)")
    #expect((a * b).constant == x * y, "seed \(seed)")
    #expect((-a).constant == -x, "seed \(seed)")
    #expect((a < b).constant == (x < y ? 1 : 0), "seed \(seed)")
    let product = a * b
    let rules: [(RoundingRule, FloatingPointRoundingRule)] = [
      (.down, .down), (.up, .up), (.towardZero, .towardZero), (.toNearestOrEven, .toNearestOrEven),
      (.toNearestOrAwayFromZero, .toNearestOrAwayFromZero),
    ]
    for (rule, meaning) in rules {
      #expect(
        product.rounded(toFraction: 1, rule).constant == (x * y * 2).rounded(meaning) / 2, "seed \(seed), \(rule)")
    }
    #expect(product.rounded(toFraction: 1, .toNearestOrUp).constant == (x * y * 2 + 0.5).rounded(.down) / 2)
    let shape = Shape<Fixed>.fixed(2, 4)
    let saturated = product.rounded(toFraction: 4).saturated(toInteger: 2)
    #expect(saturated.constant == shape.nearest(to: x * y), "seed \(seed)")
  }

  @Test func constantsHaveWidths() {
    let product = Signed(-5, width: 4) * Signed(7, width: 4)
    #expect(product.width == 8)
    #expect(product.constant == -35)
    #expect((Unsigned(15, width: 4) + 1).width == 5)
    #expect((Unsigned(15, width: 4) &+ 1).constant == 0)
    #expect((Unsigned(3, width: 4) - Unsigned(5, width: 4)).constant == -2)
    #expect(Choice(LoaderPhase.run).constant == .run)
    #expect((Fixed(1.5, as: .fixed(2, 2)) * 0.5).constant == 0.75)
  }

  /// Literals that nothing gives a width, and numbers beyond 64 bits.
  @Test func literalsAndLongNumbersAreExact() {
    #expect(Signed(3).width == 3)
    #expect((Signed(3) << 1).constant == 6)
    #expect((Signed(-3) >> 1).constant == -2)
    #expect((Signed(100) + Signed(27)).constant == 127)
    #expect((Fixed(0.75) * 3).constant == 2.25)
    #expect((Fixed(0.75) + Fixed(4)).constant == 4.75)
    #expect(Fixed(6.5).saturated(toInteger: 3).constant == 3.5)
    #expect(Fixed(-3.25, as: .fixed(70, 4)).constant == -3.25)
    #expect(Fixed(0x1p100, as: .fixed(102, 0)).constant == 0x1p100)
    #expect(Signed(1, width: 100).constantBits == BitVector(truncating: 1, width: 100))
    #expect((Signed(-1, width: 100) * Signed(1, width: 100)).constant == -1)
  }
}
