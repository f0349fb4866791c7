import Testing
import Weft
import WeftRandom
import WeftSimulation

@Suite(.serialized) struct EngineComparisonTests {
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
