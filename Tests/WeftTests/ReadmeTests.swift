import Foundation
import Testing
import Weft

struct MultiplyAccumulate: Module {
  var bits = 8

  var clear: Bit { input(.bit) }
  var activation: Signed { input(.signed(bits)) }
  var weight: Signed { input(.signed(bits)) }
  var sum: Signed { output(.signed(32)) }
  var accumulator: Signed { register(.signed(32)) }

  var body: Circuit {
    accumulator <== clear.select(0, else: accumulator) &+ activation * weight
    sum <== accumulator
  }
}

/// The module that README shows is the one above, and becomes the Verilog that README shows.
@Suite struct ReadmeTests {
  private func text(of path: String) throws -> String {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(path)
    return try String(contentsOf: file.standardizedFileURL, encoding: .utf8)
  }

  /// The first block of a language in README.
  private func block(_ language: String) throws -> Substring {
    let parts = try text(of: "../../README.md").split(separator: "```\(language)\n", maxSplits: 1)
    return try #require(parts.last?.split(separator: "```", maxSplits: 1).first)
  }

  @Test func moduleIsThatOfTheTests() throws {
    #expect(try text(of: "ReadmeTests.swift").contains(try block("swift")))
  }

  @Test func verilogIsWhatTheModuleBecomes() throws {
    let verilog = try Design(MultiplyAccumulate()).verilog().modules[0].contents
    #expect(try String(block("verilog")) == verilog, "the module becomes\n\(verilog)")
  }
}
