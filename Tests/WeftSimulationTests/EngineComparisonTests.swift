import Testing
import Weft
import WeftRandom
import WeftSimulation

/// Bits of an arithmetic shift, put where they were.
private struct MiddleBits: Module {
  var number: Signed { input(.signed(8)) }
  var places: Unsigned { input(.unsigned(4)) }
  var isShifted: Bit { input(.bit) }
  var middle: Bits { output(.bits(5)) }
  var body: Circuit {
    middle <== number.asBits[0..<5]
    When(isShifted) { middle[1...4] <== (number &>> places).asBits[1...4] }
  }
}

/// One bit in many places beside an arithmetic shift.
private struct CopiedBit: Module {
  var number: Signed { input(.signed(8)) }
  var places: Unsigned { input(.unsigned(4)) }
  var shifted: Signed { output(.signed(8)) }
  var copies: Bits { output(.bits(51)) }
  var body: Circuit {
    shifted <== number &>> places
    copies <== places.isAnySet.repeated(32).extended(to: 51)
  }
}

/// A condition on zeros above a comparison of a part that is chosen at run time.
private struct ZerosAbove: Module {
  var a: Unsigned { input(.unsigned(14)) }
  var result: Unsigned { output(.unsigned(14)) }
  private var parts: Vector<Unsigned> {
    wire(.vector(6, of: .unsigned(7)))
  }
  private var part: Unsigned { wire(parts[a[2..<4].asUnsigned.extended(to: 6)]) }
  private var isZero: Bit { wire(part == 0) }
  private var choice: Bit { wire(.bit) }
  private var square: Unsigned { wire(part * part) }
  var body: Circuit {
    parts[0] <== a[2..<9].asUnsigned
    for index in 1..<6 { parts[index] <== 0 }
    Switch(isZero.asUnsigned.extended(to: 2)) {
      Case(3) { choice <== isZero }
      Case(0, 1, 2) { choice <== 0 }
    }
    Switch(choice.asUnsigned.extended(to: 3)) {
      Case(1) { result <== square[13].select(16083, else: 0) }
      Default { result <== 16083 }
    }
  }
}

@Suite(.serialized) struct EngineComparisonTests {
  /// Verilator forgets the zeros, and with them that the first case never holds.
  @Test(arguments: [EngineKind.interpreter, .verilator]) func zerosAboveAConditionCount(engine: EngineKind) throws {
    let sim = try Simulation(ZerosAbove(), engine: engine)
    for a in stride(from: 0, to: 1 << 14, by: 7) {
      sim.a = a
      #expect(sim.result == 16083, "a = \(a)")
    }
  }

  /// Verilator's expansion loses the highest of them where the shift is written with `>>>`.
  @Test(arguments: [EngineKind.interpreter, .verilator]) func arithmeticShiftsKeepTheirBits(engine: EngineKind) throws {
    let sim = try Simulation(MiddleBits(), engine: engine)
    sim.isShifted = 1
    for number in -128..<128 {
      for places in 0..<16 {
        sim.number = number
        sim.places = places
        let expected = (number >> places) & 0b11110 | number & 1
        #expect(sim.middle == expected, "\(number) >> \(places)")
      }
    }
  }

  /// Without its expansion Verilator gives the copies a sign.
  @Test(arguments: [EngineKind.interpreter, .verilator]) func copiedBitsHaveNoSign(engine: EngineKind) throws {
    let sim = try Simulation(CopiedBit(), engine: engine)
    sim.number = -100
    for places in 0..<16 {
      sim.places = places
      #expect(sim.shifted == -100 >> places)
      #expect(sim.copies == (places == 0 ? 0 : 0xFFFF_FFFF))
    }
  }

  /// Ten random designs in one model, in each domain.
  @Test(arguments: 0..<RandomDesignTests.domains.count)
  func modelFollowsTheInterpreter(index: Int) throws {
    let recipe = RandomDesign(domains: [RandomDesignTests.domains[index]], size: 40)
    let seeds = UInt64(index * 10)..<UInt64(index * 10 + 10)
    let design = recipe.battery(seeds: seeds)
    let model = try VerilatorEngine(design)
    let interpreter = InterpreterEngine(design)
    var random = SeededGenerator(seed: UInt64(index))
    for cycle in 0..<200 {
      for input in design.top.signals where input.role == .input && !random.oneIn(3) {
        var words: [UInt64] = []
        for _ in 0..<BitVector.wordCount(forWidth: input.width) { words.append(random.next()) }
        let value = BitVector(words: words, width: input.width)
        model.storage(ofPort: input.name)?.value = value
        interpreter.storage(ofPort: input.name)?.value = value
      }
      if let reset = design.top.domains.first?.domain.reset {
        let level: UInt64 = random.oneIn(5) ? 1 : 0
        model.storage(ofPort: reset)?.lowWord = level
        interpreter.storage(ofPort: reset)?.lowWord = level
      }
      let count = random.number(in: 0...3)
      model.step(count)
      interpreter.step(count)
      for output in design.top.signals where output.role == .output {
        let (a, b) = (model.storage(ofPort: output.name)?.value, interpreter.storage(ofPort: output.name)?.value)
        try #require(a == b, "seeds \(seeds), cycle \(cycle), \(output.name) after \(count) edges")
      }
    }
  }
}
