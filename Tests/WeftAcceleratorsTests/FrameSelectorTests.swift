import Testing
import Weft
import WeftAccelerators
import WeftSimulation
import WeftStreams

/// The frames of a pass that a branch needs, on both engines.
@Suite struct FrameSelectorTests {
  /// Sends three passes of numbered transfers.
  private static func outputs(
    taken: Int, offered: Int, of transfers: Int, engine: EngineKind, stalls: UInt64?
  ) throws -> [Int] {
    let selector = FrameSelector(
      of: .vector(1, of: .signed(8)), transfersPerFrame: transfers, taken: taken, offered: offered)
    let simulation = try Simulation(selector, engine: engine)
    let driver = StreamDriver(simulation, \.input, stalls: stalls.map { .random(seed: $0) } ?? .none)
    let monitor = StreamMonitor(simulation, \.output, stalls: stalls.map { .random(seed: $0 + 1) } ?? .none)
    driver.send(contentsOf: 0..<3 * offered * transfers)
    simulation.reset()
    try StreamBench(simulation, driver, monitor).run(cycles: 20 * 3 * offered * transfers)
    #expect(driver.sentCount == 3 * offered * transfers, "dropped frames are taken too")
    return (0..<monitor.count).map { monitor.vector(at: $0)[0] }
  }

  @Test(arguments: [EngineKind.interpreter, .verilator], [nil, 3 as UInt64])
  func theFirstFramesOfEachPassAreTaken(engine: EngineKind, stalls: UInt64?) throws {
    for (taken, offered, transfers) in [(1, 2, 4), (2, 3, 1), (1, 3, 5), (2, 2, 3)] {
      let all = Array(0..<3 * offered * transfers)
      #expect(
        try Self.outputs(taken: taken, offered: offered, of: transfers, engine: engine, stalls: stalls)
          == all.filter { $0 / transfers % offered < taken }, "\(taken) of \(offered), stalls \(stalls ?? 0)")
    }
  }
}
