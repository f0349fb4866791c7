import Foundation
import Testing
import Weft
import WeftAccelerators
import WeftNetworks
import WeftSimulation
import WeftStreams

struct RectifiedUnit: StageUnit {
  let geometry: StageGeometry
  var unit: Instance<ElasticUnit> { instance(ElasticUnit(geometry)) }

  init(_ geometry: StageGeometry) { self.geometry = geometry }

  var body: Circuit {
    for (inner, outer) in zip(unit.inputs, inputs) { inner <== outer }
    for (inner, outer) in zip(unit.biases, biases) { inner <== outer }
    for (inner, outer) in zip(unit.weights, weights) { inner <== outer }
    output <== unit.output.map { codes in
      Vector(codes.map { code in code.mostSignificantBit.select(0, else: code) })
    }
  }
}

/// The examples of the page on the elastic unit.
@Suite struct UnitPageTests {
  @Test func theFiguresAreThoseOfThePage() throws {
    let latent = (0..<512).map { index -> Float in Float(index * 37 % 101) }
    let decoder = try Network(named: "decoder", seed: 3) {
      Input("latent", channels: 8, height: 8, width: 8)
      Upsample(2)
      Convolution(8, kernel: 5, biases: .untied, name: "body")
      LeakyReLU(0.2)
      Convolution(3, kernel: 3, name: "head")
    }
    let network = try QuantizedNetwork(decoder, calibration: [[latent]])
    let body = UnitConfiguration(
      cpf: 4, kpf: 8, h: 2, taps: 3, rowLanes: 2, channelLanes: 2, decomposes: true, packing: .wide, biasStore: .external)
    let head = UnitConfiguration(cpf: 8, kpf: 3, taps: 3)
    let plan = Plan(
      network: network.name,
      stages: [Plan.Stage(name: "body", unit: body), Plan.Stage(name: "head", unit: head)])
    let stages = try plan.geometries(for: network)
    let grid = try ElasticGrid(network, plan: plan)

    #expect(stages.map(\.configuration.multipliers) == [192, 72])
    #expect(stages.map(\.cyclesPerFrame) == [768, 768])
    #expect(stages.map(\.kernel.macs) == [192 * 768, 72 * 768])
    #expect(network.layers[0].macs == 409_600 && stages[0].kernel.macs == 147_456)
    #expect(grid.memoryLayout.regions.map(\.stage) == [0])

    let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../docs/accelerators/units.md").standardizedFileURL
    let text = try String(contentsOf: page, encoding: .utf8)
    let json = try #require(text.components(separatedBy: "```json\n").last?.components(separatedBy: "```").first)
    #expect(try JSONDecoder().decode(Plan.self, from: Data(json.utf8)) == plan)
  }

  @Test func aUnitOfOnesOwnIsBuilt() throws {
    let random = GridTests.network(seed: 7)
    let network = QuantizedNetwork(
      name: "single", inputs: random.inputs, layers: [random.layers[0]], outputs: [.init(name: "y", layer: 0)])
    let plan = Plan(uniform: UnitConfiguration(cpf: 2, kpf: 2), for: network)
    let grid = try Grid<RectifiedUnit>(network, plan: plan)
    let sim = try Simulation(grid)
    let frame = (0..<network.inputs[0].shape.count).map { index -> Int32 in Int32(index * 53 % 256) - 128 }
    let driver = StreamDriver(sim, \.inputs[0])
    let monitor = StreamMonitor(sim, \.outputs[0])
    driver.send(contentsOf: grid.inputOrders[0].indices.map { Int(frame[$0[0]]) })
    let order = grid.outputOrders[0].indices
    sim.reset()
    try StreamBench(sim, driver, monitor).run(until: { monitor.count == order.count }, limit: 100_000)
    let expected = try ReferenceExecutor(network).run([frame])[0]
    #expect(expected.contains { $0 < 0 })
    for (transfer, indices) in order.enumerated() {
      #expect(monitor.vector(at: transfer) == indices.map { max(0, Int(expected[$0])) })
    }
  }
}
