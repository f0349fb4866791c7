import Testing
import Weft
import WeftLint

@Suite struct SynthesisTests {
  /// The number of cells of a kind that Yosys makes of a design for Xilinx's seventh series.
  private func cells(_ kind: String, of design: Design) throws -> Int? {
    guard LintTools.has("yosys") else { return nil }
    return try LintTools.withFiles(of: design) { directory in
      let files = design.modules.map { $0.name + ".v" }.joined(separator: " ")
      let outcome = LintTools.run(
        "yosys -q -p 'read_verilog \(files); synth_xilinx -top \(design.top.name); check -assert; "
          + "tee -o count select -count t:\(kind)' && cat count", in: directory)
      let count = outcome.output.split(separator: "\n").last?.split(separator: " ").first.flatMap { Int($0) }
      if count == nil { Issue.record("\(outcome.output)") }
      return count
    }
  }

  @Test func productsBecomeOneBlockEach() throws {
    let design = small { m in
      let (a, b) = (m.input("a", 16), m.input("b", 16))
      let sum = m.register("sum", 32)
      var total = m.read(sum)
      for index in 0..<2 {
        let (x, y) = (m.builder.slice(a, low: index * 8, width: 8), m.builder.slice(b, low: index * 8, width: 8))
        total = m.builder.add(total, m.builder.extend(m.builder.multiply(x, y, signed: true), to: 32, signed: true))
      }
      m.clock([sum], [m.assign(sum, total)])
      m.output("result", m.read(sum))
    }
    if let count = try cells("DSP48E1", of: design) { #expect(count == 2) }
  }

  @Test(arguments: [1024, 1100]) func memoriesBecomeBlocks(depth: Int) throws {
    let design = small { m in
      let (address, data, write) = (m.input("address", 11), m.input("data", 16), m.input("write", 1))
      let memory = m.memory("memory", width: 16, depth: depth)
      m.output("word", m.read(memory, named: "memory_word", at: address, enable: write))
      m.write(memory, at: address, data, when: write)
    }
    if let count = try cells("RAMB36E1 t:RAMB18E1", of: design) { #expect(count == 1) }
  }

  @Test func tablesBecomeBlocks() throws {
    var state: UInt64 = 1
    let contents = (0..<2048).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 48)
    }
    let design = small { m in
      let squares = m.memory("squares", width: 16, depth: 2048, contents: contents)
      m.output("word", m.read(squares, named: "squares_word", at: m.input("address", 11)))
    }
    if let count = try cells("RAMB36E1 t:RAMB18E1", of: design) { #expect(count == 1) }
  }
}
