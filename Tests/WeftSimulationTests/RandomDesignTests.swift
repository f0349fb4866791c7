import Testing
import Weft
import WeftRandom
import WeftSimulation

@Suite struct RandomDesignTests {
  /// The domains that designs are tried in.
  static let domains: [Domain] = [
    .main,
    Domain(clock: "clock", reset: "reset_n", resetKind: .asynchronous, isResetActiveHigh: false),
    Domain(clock: "tick", edge: .falling, reset: "clear"),
    Domain(clock: "tick", edge: .falling, reset: "clear", resetKind: .asynchronous),
  ]

  @Test(arguments: 0..<150)
  func interpreterFollowsTheDefinition(seed: UInt64) throws {
    let domain = Self.domains[Int(seed) % Self.domains.count]
    let design = RandomDesign(domains: [domain], size: 20 + Int(seed % 50)).make(seed: seed)
    let difference = compare(InterpreterEngine(design), design, seed: seed, cycles: 20)
    #expect(difference == nil, "seed \(seed): \(difference ?? "")")
  }

  /// Runs a design beside its definition and tells the first difference.
  func compare(_ engine: any SimulationEngine, _ design: Design, seed: UInt64, cycles: Int) -> String? {
    let reference = ReferenceSimulator(design)
    var random = SeededGenerator(seed: seed ^ 0x5eed)
    let inputs = design.top.signals.filter { $0.role == .input }
    let outputs = design.top.signals.filter { $0.role == .output }
    let use = design.top.domains.first
    for cycle in 0..<cycles {
      for input in inputs where !random.oneIn(3) {
        var words: [UInt64] = []
        for _ in 0..<BitVector.wordCount(forWidth: input.width) { words.append(random.next()) }
        let value = BitVector(words: words, width: input.width)
        engine.storage(ofPort: input.name)?.value = value
        reference[input.name] = value
      }
      if let use, use.usesReset {
        reference.isReset = random.oneIn(5)
        engine.storage(ofPort: use.domain.reset)?.lowWord = reference.isReset == use.domain.isResetActiveHigh ? 1 : 0
      }
      for output in outputs where random.oneIn(2) {
        let value = engine.storage(ofPort: output.name)?.value
        if value != reference[output.name] {
          return "\(output.name) before edge \(cycle): \(value?.description ?? "none"), not \(reference[output.name])"
        }
      }
      let count = random.oneIn(4) ? 3 : 1
      engine.step(count)
      for _ in 0..<count { reference.step() }
      for output in outputs where random.oneIn(2) {
        let value = engine.storage(ofPort: output.name)?.value
        if value != reference[output.name] {
          return "\(output.name) after edge \(cycle): \(value?.description ?? "none"), not \(reference[output.name])"
        }
      }
    }
    return nil
  }
}
