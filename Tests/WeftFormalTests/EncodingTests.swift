import Testing
import Weft
import WeftFormal
import WeftRandom
import WeftSimulation

/// Solvers and the interpreter agree on what random designs of every kind of node and statement do.
@Suite struct EncodingTests {
  @Test(arguments: 1...12 as ClosedRange<UInt64>)
  func solversAgreeWithTheInterpreter(seed: UInt64) throws { try Self.compare(seed: seed) }

  /// Proves what the interpreter does with the random design of a seed, and refutes what it does not.
  static func compare(seed: UInt64) throws {
    let design = RandomDesign(size: 30, moduleCount: 2).make(seed: seed)
    let inputs = design.randomInputs(seed: seed)
    var runs = design.outputs(of: inputs, steps: 3)
    try prove(design.claiming(inputs: inputs, outputs: runs), by: .bounded(3))

    // A wrong bit is found, unless the design never shows its output.
    guard let wrong = runs[1].indices.first(where: { !runs[0][$0].isZero || !runs[1][$0].isZero }) else { return }
    for step in runs.indices { runs[step][wrong] = runs[step][wrong].inverted }
    let claim = design.claiming(inputs: inputs, outputs: runs)
    let found = #expect(throws: Counterexample.self, "seed \(seed)") { try prove(claim, by: .bounded(3)) }
    #expect(found?.trace.steps.count == 1, "seed \(seed)")
  }
}

extension Design {
  private var inputs: [Netlist.Signal] { top.signals.filter { $0.role == .input } }
  private var outputs: [Netlist.Signal] { top.signals.filter { $0.role == .output } }

  fileprivate func randomInputs(seed: UInt64) -> [BitVector] {
    var random = SeededGenerator(seed: seed)
    return inputs.map { input in
      let words = (0..<BitVector.wordCount(forWidth: input.width)).map { _ in random.next() }
      return BitVector(words: words, width: input.width)
    }
  }

  /// What the interpreter gives at each step while the inputs stay as they are.
  fileprivate func outputs(of values: [BitVector], steps: Int) -> [[BitVector]] {
    let engine = InterpreterEngine(self)
    for (input, value) in zip(inputs, values) { engine.storage(ofPort: input.name)?.value = value }
    return (0..<steps).map { _ in
      let row = outputs.map { engine.storage(ofPort: $0.name)?.value ?? BitVector(zero: $0.width) }
      engine.step()
      return row
    }
  }

  /// The design with inputs that stay as they are, and the claim that the outputs of each step are those of some step.
  fileprivate func claiming(inputs values: [BitVector], outputs rows: [[BitVector]]) -> Design {
    let place = SourcePlace(file: "Random", line: 1)
    var builder = NetlistBuilder(name: "Fixed")
    builder.netlist.domains = top.domains
    let inner = builder.add(Netlist.Instance(name: "inner", module: modules.count - 1, place: place))
    for (input, value) in zip(inputs, values) {
      var signal = input
      signal.role = .instanceInput(inner, port: input.name)
      let target = builder.add(signal)
      let constant = builder.constant(value)
      builder.netlist.processes.append(
        Netlist.Process(
          kind: .combinational, statements: [.assign(target, low: 0, constant, place)], targets: [target]))
    }
    let shown = outputs.map { output in
      var signal = output
      signal.role = .instanceOutput(inner, port: output.name)
      return builder.reference(builder.add(signal))
    }
    var isKnown = builder.constant(BitVector(zero: 1))
    for row in rows {
      var isRow = builder.constant(BitVector(ones: 1))
      for (output, value) in zip(shown, row) {
        isRow = builder.bitwise(.and, isRow, builder.compare(.equal, output, builder.constant(value)))
      }
      isKnown = builder.bitwise(.or, isKnown, isRow)
    }
    builder.netlist.properties = [
      Netlist.Property(
        kind: .assertion, sentence: "the outputs are the interpreter's", condition: isKnown, domain: nil, place: place)
    ]
    return Design(modules: modules + [builder.netlist])
  }
}
