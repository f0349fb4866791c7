import Foundation
import Testing
import Weft
import WeftAccelerators
import WeftStreams

/// The reviewed Verilog under `rtl/`: what is emitted today is what was reviewed, byte for byte.
///
/// After a change that is meant, `scripts/regenerate-rtl` writes it anew and the difference is reviewed.
@Suite struct ReferenceDesignTests {
  /// A reference design and the name of its folder.
  struct Reference: CustomTestStringConvertible, Sendable {
    let folder: String
    let design: @Sendable () throws -> Design
    var testDescription: String { folder }
  }

  static let references = [
    Reference(folder: "compute-engine-4x4") {
      try Design(ComputeEngine(lanes: 4, kpf: 4, activationBits: 8, weightBits: 8, accumulatorBits: 32))
    },
    Reference(folder: "block-ram-fifo") { try Design(BlockRAMFIFO(of: .signed(8), depth: 1024)) },
  ]

  @Test(arguments: references) func emittedVerilogIsTheReviewed(reference: Reference) throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../rtl/\(reference.folder)").standardizedFileURL
    let output = try reference.design().verilog()
    if ProcessInfo.processInfo.environment["WEFT_REGENERATE_RTL"] != nil {
      try? FileManager.default.removeItem(at: folder)
      try output.write(to: folder)
    }
    let files = output.modules + output.images + [VerilogFile(name: "files.f", contents: output.fileList)]
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(names.sorted() == files.map(\.name).sorted())
    for file in files {
      let reviewed = try String(contentsOf: folder.appendingPathComponent(file.name), encoding: .utf8)
      #expect(reviewed == file.contents, "\(file.name) differs; scripts/regenerate-rtl shows how")
    }
  }
}
