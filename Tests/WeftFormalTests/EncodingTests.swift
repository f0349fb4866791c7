import Testing
import Weft
import WeftFormal
import WeftRandom

/// Solvers and the interpreter agree on what random designs do: a run that a solver finds to reach a value of the outputs
/// reaches it on the interpreter, or `prove` says that it does not.
@Suite struct EncodingTests {
  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func solversAgreeWithTheInterpreter(seed: UInt64) throws {
    let design = RandomDesign(size: 12, moduleCount: 2).make(seed: seed)
    var random = SeededGenerator(seed: seed)
    for _ in 0..<3 {
      let claimed = design.claiming { builder, outputs in
        let target = outputs.map { output in
          BitVector(words: (0..<BitVector.wordCount(forWidth: output.width)).map { _ in random.next() }, width: output.width)
        }
        let differences = zip(outputs, target).map { output, value in
          // A few bits of each output, so that there is a good chance that some run reaches them.
          let width = min(2, output.width)
          return builder.compare(
            .equal, builder.slice(output.node, low: 0, width: width), builder.constant(value.slice(low: 0, width: width)))
        }
        return builder.not(differences.reduce(builder.constant(BitVector(ones: 1))) { builder.bitwise(.and, $0, $1) })
      }
      do {
        try prove(claimed, by: .bounded(3))
      } catch let found as Counterexample {
        #expect(found.trace.replay().monitor?.failures.count == 1, "seed \(seed)")
      }
    }
  }
}

extension Design {
  /// The design with an assertion about its outputs.
  fileprivate func claiming(
    _ condition: (inout NetlistBuilder, [(node: Netlist.NodeID, width: Int)]) -> Netlist.NodeID
  ) -> Design {
    var modules = modules
    var builder = NetlistBuilder(extending: modules.removeLast())
    let outputs = builder.netlist.signalIDs.filter { builder.netlist[$0].role == .output }.map {
      (node: builder.reference($0), width: builder.netlist[$0].width)
    }
    builder.netlist.properties.append(
      Netlist.Property(
        kind: .assertion, sentence: "the outputs are never so", condition: condition(&builder, outputs), domain: nil,
        place: SourcePlace(file: "Random", line: 1)))
    return Design(modules: modules + [builder.netlist])
  }
}
