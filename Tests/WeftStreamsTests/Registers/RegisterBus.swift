import Weft
import WeftSimulation
import WeftStreams

/// Software at an AXI4-Lite bus of a running module.
final class RegisterBus {
  let addresses, data, readAddresses: StreamDriver
  let responses, words: StreamMonitor
  let bench: StreamBench

  /// - Parameter seed: that of the stalls of all five channels; none without it.
  init<M>(
    _ sim: Simulation<M>, _ bus: KeyPath<M, AXI4Lite>, seed: UInt64? = nil, with agents: [any StreamAgent] = []
  ) {
    func stalls(_ channel: UInt64) -> Stalls { seed.map { .random(seed: 5 * $0 + channel) } ?? .none }
    addresses = StreamDriver(sim, bus.appending(path: \.aw), stalls: stalls(0))
    data = StreamDriver(sim, bus.appending(path: \.w), stalls: stalls(1))
    responses = StreamMonitor(sim, bus.appending(path: \.b), stalls: stalls(2))
    readAddresses = StreamDriver(sim, bus.appending(path: \.ar), stalls: stalls(3))
    words = StreamMonitor(sim, bus.appending(path: \.r), stalls: stalls(4))
    bench = StreamBench(sim, [addresses, data, responses, readAddresses, words] + agents)
  }

  /// Writes a word, or the bytes of it whose strobes are one, and gives the response.
  @discardableResult
  func write(_ word: Int, to address: Int, strobes: Int = 0xf) throws -> AXIResponse? {
    let count = responses.count
    addresses.send([address, 0])
    data.send([word, strobes])
    try bench.run(until: { self.responses.count > count }, limit: 1_000)
    return response(responses.vector(at: count)[0])
  }

  /// Reads a word, with its response.
  func read(_ address: Int) throws -> (word: Int, response: AXIResponse?) {
    let count = words.count
    readAddresses.send([address, 0])
    try bench.run(until: { self.words.count > count }, limit: 1_000)
    let answer = words.vector(at: count)
    return (answer[0], response(answer[1]))
  }

  private func response(_ code: Int) -> AXIResponse? {
    AXIResponse.value(ofCode: BitVector(truncating: code, width: 2))
  }
}
