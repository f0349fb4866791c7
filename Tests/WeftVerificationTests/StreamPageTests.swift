import Foundation
import Testing
import WeftAccelerators
import WeftNetworks
import WeftVerification

/// The example of the page on streams.
@Suite struct StreamPageTests {
  @Test func theMarkIsThatOfThePage() throws {
    let image = (0..<1024).map { index -> Float in Float(index * 37 % 101) / 50 - 1 }
    let blocks = try Network(named: "blocks", seed: 5) {
      Input("x", channels: 4, height: 16, width: 16)
      Convolution(8, kernel: 3, name: "stem")
      ReLU()
      Label("skip")
      Convolution(8, kernel: 3, name: "inner")
      ReLU()
      Convolution(8, kernel: 3, name: "outer")
      Add("skip")
      Convolution(4, kernel: 3, name: "head")
    }
    let network = try QuantizedNetwork(blocks, calibration: [[image]])
    let plan = Plan(uniform: UnitConfiguration(cpf: 4, kpf: 4), for: network)
    let grid = try ElasticGrid(network, plan: plan)
    let frames = [[[Int32]]](repeating: [(0..<1024).map { Int32($0 % 256) - 128 }], count: 3)
    let report = try Verification(of: grid, against: network, frames: frames, engine: .interpreter).report
    #expect(report.bitExact && report.cyclesPerFrame == report.predictedCyclesPerFrame)
    let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../docs/accelerators/streams.md").standardizedFileURL
    let text = try String(contentsOf: page, encoding: .utf8)
    try #require(report.queues.count == 1)
    #expect(text.contains("\n\(report.queues[0])\n"), "\(report.queues[0])")
  }
}
