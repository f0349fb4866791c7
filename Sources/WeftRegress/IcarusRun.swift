import Foundation
import Weft
import WeftSimulation

/// A test bench for circuits in Icarus Verilog: it prints their outputs before and after the edges of each cycle.
struct IcarusRun {
  /// A circuit, what it is fed with, and the module that stands for it.
  struct Circuit {
    var design: Design
    var stimulus: CircuitStimulus
  }

  private let circuits: [Circuit]

  init(_ circuits: [Circuit]) { self.circuits = circuits }

  /// The test bench. Each line that it prints has the number of a circuit and the values of its outputs.
  var bench: String {
    var text = "module Bench;\n"
    for domain in CircuitStimulus.domains {
      text += "  reg \(domain.clock) = \(domain.idleLevel ? 1 : 0);\n"
      text += "  reg \(domain.reset) = \(domain.isResetActiveHigh ? 0 : 1);\n"
    }
    for (index, circuit) in circuits.enumerated() {
      let top = circuit.design.top
      var connections: [String] = []
      for use in top.domains {
        for port in use.usesReset ? [use.domain.clock, use.domain.reset] : [use.domain.clock] {
          connections.append(".\(port)(\(port))")
        }
      }
      for port in top.signals where port.role == .input || port.role == .output {
        let kind = port.role == .input ? "reg" : "wire"
        text += "  \(kind) [\(port.width - 1):0] c\(index)_\(port.name)\(port.role == .input ? " = 0" : "");\n"
        connections.append(".\(port.name)(c\(index)_\(port.name))")
      }
      text += "  \(top.name) c\(index) (\(connections.joined(separator: ", ")));\n"
    }
    text += "  initial begin\n    #1;\n"
    for (number, cycle) in (circuits.first?.stimulus.cycles ?? []).enumerated() {
      for (index, circuit) in circuits.enumerated() {
        for (name, value) in circuit.stimulus.cycles[number].inputs {
          text += "    c\(index)_\(name) = \(value.width)'h\(value.hexadecimal);\n"
        }
      }
      for (domain, isReset) in zip(CircuitStimulus.domains, cycle.isReset) {
        text += "    \(domain.reset) = \(isReset == domain.isResetActiveHigh ? 1 : 0);\n"
      }
      text += "    #1;\n" + displays
      for domain in cycle.ticks {
        for level in [!domain.idleLevel, domain.idleLevel] { text += "    #1 \(domain.clock) = \(level ? 1 : 0);\n" }
      }
      text += "    #1;\n" + displays
    }
    return text + "  end\nendmodule\n"
  }

  private var displays: String {
    circuits.enumerated().map { index, circuit in
      let outputs = circuit.design.top.signals.filter { $0.role == .output }
      let formats = outputs.map { _ in "%h" }.joined(separator: " ")
      return "    $display(\"\(formats)\"\(outputs.map { ", c\(index)_\($0.name)" }.joined()));\n"
    }.joined()
  }

  /// What the bench prints for these values, which each circuit gives in turn.
  static func expected(_ traces: [[[BitVector]]]) -> [String] {
    guard let steps = traces.first?.count else { return [] }
    return (0..<steps).flatMap { step in
      traces.map { trace in trace[step].map(\.hexadecimal).joined(separator: " ") }
    }
  }

  /// Runs the bench over Verilog files of a folder; gives the lines that it prints.
  func lines(of files: [String], in folder: URL) throws -> [String] {
    try Data(bench.utf8).write(to: folder.appendingPathComponent("bench.v"))
    try Shell.run("iverilog -g2005 -s Bench -o bench.vvp bench.v \(files.joined(separator: " "))", in: folder)
    return try Shell.run("vvp -n bench.vvp", in: folder).split(separator: "\n").map(String.init)
  }
}
