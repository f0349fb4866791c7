import Testing
import Weft
import WeftLint

/// Designs whose signals look like loops word by word and are none bit by bit.
@Suite struct LoopSeparationTests {
  /// Lints a design, has Verilator order its logic, which is where it finds loops, and has Icarus run it: blocks that
  /// read what they drive would see values of the last time.
  private func expectOrdered(_ design: Design, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let complaints = try LintTools.complaints(about: design)
    #expect(complaints.isEmpty, "\(complaints)", sourceLocation: sourceLocation)
    let difference = try VerilogBench.difference(of: design, seed: 1)
    #expect(difference == nil, "\(difference ?? "")", sourceLocation: sourceLocation)
    guard LintTools.has("verilator") else { return }
    let outcome = try LintTools.withFiles(of: design) { directory in
      LintTools.run("verilator --cc -Wall --Mdir model --top-module \(design.top.name) -f files.f", in: directory)
    }
    #expect(outcome.status == 0 && outcome.output.isEmpty, "\(outcome.output)", sourceLocation: sourceLocation)
  }

  @Test func elementsUnderConditions() throws {
    try expectOrdered(
      small { m in
        let (a, go) = (m.input("a", 16), m.input("go", 1))
        let chain = m.signal("chain", 16, .wire, format: .vector(count: 4, .unsigned))
        let value = m.read(chain)
        var statements = [m.assign(chain, m.number(0, 16))]
        var taken = [m.assign(chain, low: 12, m.builder.slice(a, low: 12, width: 4))]
        for index in 0..<3 {
          let above = m.builder.slice(value, low: index * 4 + 4, width: 4)
          taken.append(
            m.assign(chain, low: index * 4, m.builder.add(above, m.builder.slice(a, low: index * 4, width: 4))))
        }
        statements.append(m.when(go, taken))
        m.drive([chain], statements)
        m.output("sums", value)
      })
  }

  @Test func signalsOfOneProcess() throws {
    try expectOrdered(
      small { m in
        let (a, go) = (m.input("a", 8), m.input("go", 1))
        let (first, second) = (m.signal("first", 8, .wire), m.signal("second", 8, .output))
        let next = m.builder.add(m.read(first), m.number(1, 8))
        m.drive(
          [first, second],
          [
            m.assign(second, m.number(0, 8)), m.assign(first, a),
            m.when(go, [m.assign(second, next), m.assign(first, m.number(3, 8))]),
          ])
      })
  }

  @Test func elementsThroughInstances() throws {
    let child = small { m in
      m.output("out", m.builder.bitwise(.xor, m.input("in", 4), m.input("key", 4)))
    }
    var parent = SmallNetlist(name: "Parent")
    let key = parent.input("key", 4)
    let chain = parent.signal("chain", 20, .wire, format: .vector(count: 5, .unsigned))
    let value = parent.read(chain)
    parent.drive([chain], [parent.assign(chain, key)])
    for index in 0..<4 {
      let place = SourcePlace(file: "Parent.swift", line: 1)
      let stage = parent.builder.add(Netlist.Instance(name: "stage\(index)", module: 0, place: place))
      for (port, source) in [("in", parent.builder.slice(value, low: index * 4, width: 4)), ("key", key)] {
        let input = parent.signal("stage\(index)_\(port)", 4, .instanceInput(stage, port: port))
        parent.drive([input], [parent.assign(input, source)])
      }
      let out = parent.signal("stage\(index)_out", 4, .instanceOutput(stage, port: "out"))
      parent.drive([chain], [parent.assign(chain, low: index * 4 + 4, parent.read(out))])
    }
    parent.output("last", parent.builder.slice(value, low: 16, width: 4))
    try expectOrdered(Design(modules: [child.top, parent.builder.netlist]))
  }
}
