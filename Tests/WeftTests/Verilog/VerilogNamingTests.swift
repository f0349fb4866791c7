import Foundation
import Testing
import Weft
import WeftLint

private struct Leaf: Module {
  var c: Unsigned { output(.unsigned(4)) }
  var b_c: Unsigned { output(.unsigned(4)) }
  var body: Circuit {
    c <== 1
    b_c <== 2
  }
}

/// Ports of instances that are spelt alike with the instance's name before them, and a wire of that name.
private struct SpeltAlike: Module {
  var sum: Unsigned { output(.unsigned(8)) }
  var a: Instance<Leaf> { instance(Leaf()) }
  var a_b: Instance<Leaf> { instance(Leaf()) }
  var a_c: Unsigned { wire(Unsigned(5, width: 4)) }
  var body: Circuit {
    sum <== a.c + a.b_c + a_b.c + a_b.b_c + a_c
  }
}

@Suite struct VerilogNamingTests {
  @Test func namesThatAreSpeltAlikeAreKeptApart() throws {
    let design = try Design(SpeltAlike())
    let complaints = try LintTools.complaints(about: design)
    #expect(complaints.isEmpty, "\(complaints)\n\(design.verilog().modules)")
  }

  /// A module with wires made of expressions; `extra` adds statements between.
  private func lines(extra: (inout SmallNetlist) -> Void) -> Set<Substring> {
    let design = small { m in
      let terms = (0..<5).map { m.input("term\($0)", 16) }
      let sum = terms.dropFirst().reduce(terms[0]) { m.builder.add($0, $1) }
      extra(&m)
      m.output("high", m.builder.slice(sum, low: 8, width: 8))
      m.output("low", m.builder.slice(m.builder.subtract(sum, terms[0]), low: 0, width: 8))
    }
    return Set(design.verilog().modules[0].contents.split(separator: "\n"))
  }

  @Test func unrelatedStatementsChangeNoLine() {
    let plain = lines { _ in }
    let extended = lines { m in
      let (x, y) = (m.input("x", 24), m.input("y", 24))
      m.output("other", m.builder.slice(m.builder.add(x, y), low: 3, width: 9))
    }
    // The list of unread bits is one line for the whole module.
    let lost = plain.subtracting(extended).filter { !$0.contains("wire unused =") }
    #expect(lost.isEmpty, "\(lost)")
    #expect(extended.count > plain.count)
  }

  @Test func namesOfTheUserAreKept() throws {
    let design = small { m in
      let (a, b, taken) = (m.input("a", 8), m.input("b", 8), m.input("sum_a_b", 8))
      m.output("unused", m.builder.slice(m.builder.add(a, b), low: 1, width: 4))
      m.output("copy", taken)
    }
    let text = design.verilog().modules[0].contents
    #expect(text.contains("input [7:0] sum_a_b,"))
    #expect(text.contains(/wire \[7:0\] sum_a_b_[0-9a-f]{4} = a \+ b;/))
    let complaints = try LintTools.complaints(about: design)
    #expect(complaints.isEmpty, "\(complaints)")
  }

  @Test func equalDesignsGiveEqualText() throws {
    let first = try Design(ProcessingElement(lanes: 9)).verilog()
    #expect(try Design(ProcessingElement(lanes: 9)).verilog() == first)
  }

  @Test func filesAreWrittenWhole() throws {
    let output = small { m in
      let memory = m.memory("words", width: 8, depth: 40, contents: [1, 2, 3])
      m.output("word", m.read(memory, named: "words_word", at: m.input("address", 6)))
    }.verilog()
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("weft-\(UUID().uuidString)/deep")
    defer { try? FileManager.default.removeItem(at: directory.deletingLastPathComponent()) }
    try output.write(to: directory.path)
    let names = try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted()
    #expect(names == ["Small.v", "Small_words.hex", "files.f"])
    let list = try String(contentsOf: directory.appendingPathComponent("files.f"), encoding: .utf8)
    #expect(list == "Small.v\n")
  }
}
