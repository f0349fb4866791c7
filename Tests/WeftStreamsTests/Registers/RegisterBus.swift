import Weft
import WeftSimulation

/// Software at an AXI4-Lite bus of a running module, with a checker of the bus's rules beside it.
struct RegisterBus {
  let manager: AXILiteManager
  let bench: StreamBench

  init<M>(
    _ sim: Simulation<M>, _ bus: KeyPath<M, AXI4Lite>, stalls: AXIStalls = .none, with agents: [any StreamAgent] = []
  ) {
    manager = AXILiteManager(sim, bus, stalls: stalls)
    bench = StreamBench(sim, [manager, AXILiteChecker(sim, bus)] + agents)
  }

  /// Writes a word, or the bytes of it whose strobes are one, and gives the response.
  @discardableResult
  func write(_ word: Int, to address: Int, strobes: Int? = nil) throws -> AXIResponse? {
    let place = manager.write(word, at: address, strobes: strobes)
    try bench.run(until: { manager.isIdle }, limit: 1_000)
    return manager.writes[place].response
  }

  /// Reads a word, with its response.
  func read(_ address: Int) throws -> (word: Int, response: AXIResponse?) {
    let place = manager.read(at: address)
    try bench.run(until: { manager.isIdle }, limit: 1_000)
    return (manager.reads[place].value ?? -1, manager.reads[place].response)
  }
}
