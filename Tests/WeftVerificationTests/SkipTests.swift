import Foundation
import Testing
import Weft
import WeftAccelerators
import WeftNetworks
import WeftSimulation
import WeftVerification

/// Networks that fork and rejoin, on the accelerator: values, times, and queues that are neither too short nor without
/// need.
@Suite struct SkipTests {
  /// Two blocks, the second of which also adds what the first one begins with.
  private static func residual() throws -> QuantizedNetwork {
    let network = try Network(named: "residual", seed: 5) {
      Input("x", channels: 3, height: 12, width: 10)
      Convolution(4, kernel: 3, name: "stem")
      ReLU()
      Label("first")
      Convolution(4, kernel: 5, name: "inner")
      LeakyReLU(0.1)
      Convolution(4, kernel: 3, name: "outer")
      Add("first")
      Label("second")
      Convolution(2, kernel: 5, name: "tail")
      Concatenate("first", "second")
      Convolution(3, kernel: 3, name: "head")
    }
    return try QuantizedNetwork(network, calibration: [[(0..<360).map { Float($0 * 37 % 100) / 50 - 1 }]])
  }

  private static func grid() throws -> ElasticGrid {
    let network = try residual()
    return try ElasticGrid(network, plan: Plan(uniform: UnitConfiguration(cpf: 2, kpf: 2, h: 2), for: network))
  }

  private static func frames(of network: QuantizedNetwork, _ count: Int) -> [[[Int32]]] {
    var random = SeededGenerator(seed: 4)
    return (0..<count).map { _ in
      network.inputs.map { input in
        let codes = Int32(input.quantization.codes.lowerBound)...Int32(input.quantization.codes.upperBound)
        return (0..<input.shape.count).map { _ in Int32.random(in: codes, using: &random) }
      }
    }
  }

  @Test func framesTakeThePredictedCycles() throws {
    let grid = try Self.grid()
    let report = try Verification(
      of: grid, against: grid.network, frames: Self.frames(of: grid.network, 6), engine: .interpreter
    ).report
    #expect(report.bitExact)
    #expect(report.cyclesPerFrame == report.predictedCyclesPerFrame)
    #expect(report.queues.count == grid.queues.count && !report.queues.isEmpty)
    // They hold something, and are not much deeper than what they hold.
    for mark in report.queues { #expect(mark.highWaterMark > 0 && mark.highWaterMark <= mark.depth, "\(mark)") }
    let held = report.queues.reduce(0) { $0 + $1.highWaterMark }
    #expect(3 * held > report.queues.reduce(0) { $0 + $1.depth })
    #expect(report.description.contains("queue from"))
    let json = try JSONSerialization.jsonObject(with: JSONEncoder().encode(report)) as? [String: Any]
    #expect((json?["queues"] as? [Any])?.count == grid.queues.count)
  }

  /// With short queues the grid locks, with queues that are a little short it is slow.
  @Test func shorterQueuesLockOrSlow() throws {
    let grid = try Self.grid()
    let frames = Self.frames(of: grid.network, 6)
    let error = #expect(throws: SimulationError.self) {
      try GridSimulation(grid.settingDepths { _ in 2 }, engine: .interpreter).run(frames)
    }
    #expect(error?.message.contains("hangs") == true)
    let predicted = grid.cost.predictedCyclesPerFrame
    let slow = (1...9).contains { tenths in
      let short = grid.settingDepths { $0.depth * tenths / 10 }
      guard let run = try? GridSimulation(short, engine: .interpreter).run(frames) else { return false }
      return run.cyclesPerFrame.map { $0 > predicted } ?? false
    }
    #expect(slow)
  }

  @Test func theVerilogOfTheProductShowsNoQueues() throws {
    let grid = try Self.grid()
    let plain = try Self.ports(of: grid)
    #expect(!plain.contains { $0.hasPrefix("fills") })
    #expect(try Self.ports(of: grid.observed).contains { $0.hasPrefix("fills") })
  }

  private static func ports(of grid: ElasticGrid) throws -> [String] {
    let text = try #require(Design(grid).verilog().modules.last?.contents)
    return text.split(whereSeparator: { !$0.isLetter && $0 != "_" }).map(String.init)
  }

  /// Each output alone stalls for a whole frame, all ports stall at random, and nothing stalls.
  @Test(arguments: 40..<52 as Range<UInt64>) func nothingLocksRandomNetworks(seed: UInt64) throws {
    let bounds = RandomNetwork.Bounds(
      channels: 1...3, size: 4...6, convolutions: 1...1, kernels: [1, 3], greatestSize: 10, hasSkips: true)
    let network = try RandomNetwork(seed: seed, bounds: bounds).quantized()
    var random = SeededGenerator(seed: ~seed)
    let grid = try ElasticGrid(network, plan: Plan(randomFor: network, largest: 4, using: &random))
    let frames = Self.frames(of: network, 4)
    func check(_ name: String, stalls: UInt64? = nil, outputStall: OutputStall? = nil) throws {
      let report = try Verification(
        of: grid, against: network, frames: frames, engine: .interpreter, stalls: stalls, outputStall: outputStall
      ).report
      #expect(report.bitExact, "seed \(seed), \(name)")
    }
    let cycles = grid.cost.predictedCyclesPerFrame
    for output in network.outputs.indices {
      try check("output \(output)", outputStall: OutputStall(output: output, during: cycles..<2 * cycles + 1))
    }
    try check("random stalls", stalls: seed)
    let report = try Verification(
      of: grid, against: network, frames: Self.frames(of: network, 8), engine: .interpreter
    ).report
    #expect(report.bitExact && (report.cyclesPerFrame ?? 0) * 200 <= cycles * 201, "seed \(seed)")
  }
}
