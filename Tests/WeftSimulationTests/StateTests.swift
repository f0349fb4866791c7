import Foundation
import Testing
import Weft
import WeftRandom
import WeftSimulation

/// A memory without contents behind a register without reset.
struct Remembered: Module {
  var address: Unsigned { input(.unsigned(4)) }
  var write: Bit { input(.bit) }
  var data: Unsigned { input(.unsigned(70)) }
  var word: Unsigned { output(.unsigned(70)) }
  var held: Unsigned { output(.unsigned(9)) }
  var isKnown: Bit { output(.bit) }

  var last: Unsigned { register(.unsigned(9)) }
  var known: Bit { register(.bit, reset: 1) }
  var words: Memory<Unsigned> { memory(depth: 16, of: .unsigned(70)) }

  var body: Circuit {
    When(write) {
      words.write(data, at: address)
      last <== data.truncated(to: 9)
      known <== 0
    }
    word <== words[address]
    held <== last
    isKnown <== known
  }
}

@Suite struct StateTests {
  static let engines: [EngineKind] = [.interpreter, .verilator(VerilatorOptions(keepsInternals: true))]

  private func drive(_ engine: any SimulationEngine, _ random: inout SeededGenerator) {
    for input in engine.design.top.signals where input.role == .input && !random.oneIn(3) {
      let words = (0..<BitVector.wordCount(forWidth: input.width)).map { _ in random.next() }
      engine.storage(ofPort: input.name)?.value = BitVector(words: words, width: input.width)
    }
  }

  private func outputs(_ engine: any SimulationEngine) -> [String: BitVector] {
    let names = engine.design.top.signals.filter { $0.role == .output }.map(\.name)
    return Dictionary(uniqueKeysWithValues: names.map { ($0, engine.storage(ofPort: $0)?.value ?? BitVector(zero: 1)) })
  }

  @Test func whatHasNoResetStartsAtRandom() throws {
    var states: [[BitVector?]] = []
    for engine in Self.engines {
      for seed in [1, 1, 2] as [UInt64] {
        let sim = try Simulation(Remembered(), engine: engine, randomState: seed)
        #expect(sim.isKnown == 1, "a register with reset starts with it")
        #expect(sim.held == sim.engine.storage(ofSignal: "last")?.unsignedValue, "the logic follows at once")
        let words = (0..<16).map { sim.readMemory("words", at: $0) }
        #expect(Set(words).count == 16)
        states.append(words + [sim[\.held].bits])
      }
    }
    #expect(states[0] == states[1] && states[0] != states[2])
    #expect(Array(states[3...]) == Array(states[..<3]), "both engines begin alike")
    #expect(try Simulation(Remembered()).held == 0)
    let table = try Simulation(Table(), randomState: 5)
    #expect(table.readMemory("cubes", at: 4) == BitVector(truncating: -36, width: 70), "contents stay")
  }

  /// Ten random designs from random states on both engines; then each engine goes on from the checkpoint of the other.
  @Test func enginesGoOnFromEachOther() throws {
    let recipe = RandomDesign(domains: [RandomDesignTests.domains[0]], size: 40)
    let design = recipe.battery(seeds: 300..<310)
    let first = InterpreterEngine(design)
    let second = try VerilatorEngine(design, options: VerilatorOptions(keepsInternals: true))
    let engines: [any SimulationEngine] = [first, second]
    for engine in engines { engine.randomizeState(seed: 9) }
    #expect(outputs(first) == outputs(second), "the random states")
    var random = SeededGenerator(seed: 77)
    for _ in 0..<20 {
      var copy = random
      drive(first, &copy)
      drive(second, &random)
      for engine in engines { engine.step() }
    }
    #expect(outputs(first) == outputs(second), "after 20 cycles")
    let checkpoints = try engines.map { try $0.checkpoint() }

    for _ in 0..<10 {
      drive(first, &random)
      drive(second, &random)
      for engine in engines { engine.step(2) }
    }
    let third = InterpreterEngine(design)
    try first.restore(checkpoints[1])
    try second.restore(checkpoints[0])
    try third.restore(checkpoints[0])
    #expect(second.cycle == 20 && second.time == .nanoseconds(200))
    for cycle in 0..<20 {
      #expect(outputs(first) == outputs(second), "cycle \(cycle) after the checkpoint")
      #expect(outputs(first) == outputs(third), "cycle \(cycle) after the checkpoint")
      var copies = [random, random]
      drive(first, &copies[0])
      drive(third, &copies[1])
      drive(second, &random)
      for engine in engines + [third] { engine.step() }
    }
  }

  @Test func aCheckpointKeepsClocksAndTravelsInAFile() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("weft-\(UUID().uuidString).json").path
    defer { try? FileManager.default.removeItem(atPath: file) }
    let sim = try Simulation(ThreeClocks())
    sim.clock(.pixel, period: .nanoseconds(40, over: 3), phase: .nanoseconds(1))
    sim.run(for: .nanoseconds(55))
    try sim.checkpoint().write(to: file)
    sim.run(for: .nanoseconds(100))
    for engine in Self.engines {
      let other = try Simulation(ThreeClocks(), engine: engine)
      try other.restore(Checkpoint(contentsOf: file))
      #expect(other.counts == [6, 5, 0] && other.time == .nanoseconds(55))
      other.run(for: .nanoseconds(100))
      #expect(other.counts == sim.counts && other.exchanged == sim.exchanged && other.engine.cycle == sim.engine.cycle)
    }
    let wrong = #expect(throws: SimulationError.self) {
      try Simulation(ProcessingElement(lanes: 1)).restore(Checkpoint(contentsOf: file))
    }
    #expect(wrong?.message == "the checkpoint is one of ThreeClocks(); it does not fit ProcessingElement(lanes: 1)")
    let plain = try Simulation(ThreeClocks(), engine: .verilator)
    #expect(throws: SimulationError.self) { try plain.checkpoint() }
    try Data("{}".utf8).write(to: URL(fileURLWithPath: file))
    #expect(throws: SimulationError.self) { try Checkpoint(contentsOf: file) }
  }

  @Test func benchesRunInParallelWithResultsInOrder() throws {
    for engine in [EngineKind.interpreter, .verilator] {
      let sums = try runInParallel(0..<16, threads: 4) { seed in
        let sim = try Simulation(ProcessingElement(lanes: 1), engine: engine)
        sim.enable = 1
        sim.activations = [seed]
        sim.weights = [3]
        sim.step(100 * (17 - seed))
        return sim.sum
      }
      #expect(sums == (0..<16).map { 300 * $0 * (17 - $0) })
    }
    let error = #expect(throws: SimulationError.self) {
      try runInParallel([5, 1, 7, 3]) { (number: Int) -> Int in
        if number != 5 { throw SimulationError("bench \(number)") }
        return number
      }
    }
    #expect(error?.message == "bench 1")
  }
}
