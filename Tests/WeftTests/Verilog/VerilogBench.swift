import Foundation
import Weft
import WeftLint
import WeftRandom

/// A Verilog test bench that drives a design with seeded inputs and compares its outputs with its definition's.
struct VerilogBench {
  private(set) var text = ""

  /// The bench; the values that it expects come from the plain definition of the netlist.
  init(_ design: Design, seed: UInt64, cycles: Int) {
    let top = design.top
    let reference = ReferenceSimulator(design)
    var random = SeededGenerator(seed: seed ^ 0xbe4c)
    let inputs = top.signals.filter { $0.role == .input }
    let outputs = top.signals.filter { $0.role == .output }
    let use = top.domains.first
    let domain = use?.domain ?? .main
    let (idle, active) = domain.edge == .rising ? ("1'b0", "1'b1") : ("1'b1", "1'b0")

    text += "module Bench;\n"
    if let use {
      text += "  reg \(domain.clock) = \(idle);\n"
      if use.usesReset { text += "  reg \(domain.reset) = \(domain.isResetActiveHigh ? 0 : 1);\n" }
    }
    for input in inputs { text += "  reg [\(input.width - 1):0] \(input.name) = 0;\n" }
    for output in outputs { text += "  wire [\(output.width - 1):0] \(output.name);\n" }
    var ports = (inputs + outputs).map(\.name)
    if let use { ports += use.usesReset ? [domain.clock, domain.reset] : [domain.clock] }
    text += "  \(top.name) dut (\(ports.map { ".\($0)(\($0))" }.joined(separator: ", ")));\n"
    text += "  initial begin\n    #1;\n"
    for cycle in 0..<cycles {
      for output in outputs {
        let expected = "\(output.width)'h\(reference[output.name].hexadecimal)"
        text += "    if (\(output.name) !== \(expected)) "
        text += "$display(\"\(output.name) cycle \(cycle): %h, not \(expected)\", \(output.name));\n"
      }
      for input in inputs where !random.oneIn(3) {
        let words = (0..<BitVector.wordCount(forWidth: input.width)).map { _ in random.next() }
        let value = BitVector(words: words, width: input.width)
        reference[input.name] = value
        text += "    \(input.name) = \(input.width)'h\(value.hexadecimal);\n"
      }
      if let use {
        if use.usesReset {
          reference.isReset = random.oneIn(5)
          text += "    \(domain.reset) = \(reference.isReset == domain.isResetActiveHigh ? 1 : 0);\n"
        }
        text += "    #1 \(domain.clock) = \(active);\n    #1 \(domain.clock) = \(idle);\n"
        reference.step()
      }
      text += "    #1;\n"
    }
    text += "    $display(\"done\");\n  end\nendmodule\n"
  }

  /// What Icarus Verilog reports when it runs a design beside its definition, `nil` where both agree or the tool is
  /// missing.
  static func difference(of design: Design, seed: UInt64, cycles: Int = 20) throws -> String? {
    guard LintTools.has("iverilog"), LintTools.has("vvp") else { return nil }
    let outcome = try LintTools.withFiles(of: design) { directory in
      try Data(VerilogBench(design, seed: seed, cycles: cycles).text.utf8)
        .write(to: directory.appendingPathComponent("Bench.v"))
      return LintTools.run("iverilog -g2005 -s Bench -o bench -c files.f Bench.v && vvp -n bench", in: directory)
    }
    if outcome.status == 0, outcome.output == "done\n" { return nil }
    return "seed \(seed), status \(outcome.status): \(outcome.output.prefix(2000))"
  }
}
