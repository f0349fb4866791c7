import Testing
import Weft
import WeftSimulation
import WeftStreams

/// The biases of two stages, 24 bits each, from one memory of 512 bits.
struct Biases: Module {
  var memory: MemoryReadPort { output(.bundle(MemoryReadPort(addressWidth: 20, longestBurst: 16))) }
  var first: Weft.Stream<Bits> { source(.bits(24)) }
  var second: Weft.Stream<Bits> { source(.bits(24)) }
  var arbiter: Instance<MemoryArbiter> { instance(MemoryArbiter(of: .bundle(memory), readers: 2)) }

  var body: Circuit {
    memory <== arbiter.memory
    stream(0, to: first, elements: 8_192, from: 0)
    stream(1, to: second, elements: 1_000, from: 391)
  }

  @CircuitBuilder private func stream(
    _ index: Int, to output: Weft.Stream<Bits>, elements: Int, from address: Int
  ) -> Circuit {
    let unpacker: Instance<WordUnpacker> = instance(
      WordUnpacker(wordWidth: 512, elementWidth: 24, elements: elements), named: "unpacker\(index)")
    let reader: Instance<MemoryReader> = instance(
      MemoryReader(
        of: .bundle(memory), baseAddress: address, words: unpacker.module.wordsPerPass, burst: 16,
        buffer: MemoryReader.sufficientBuffer(latency: 100, burst: 16)),
      named: "reader\(index)")
    arbiter.readers[index] <== reader.memory
    unpacker.input <== reader.output
    output <== unpacker.output
  }
}

/// The example of the page on memory.
@Suite struct MemoryPageTests {
  @Test func biasesCome() throws {
    let biases = [randomPayloads(8_192, width: 24, seed: 1), randomPayloads(1_000, width: 24, seed: 2)]
    let image = WordUnpacker.packed(biases[0], intoWordsOf: 512) + WordUnpacker.packed(biases[1], intoWordsOf: 512)
    let sim = try Simulation(Biases())
    let memory = MemoryModel(
      sim, requests: \.memory.requests, words: \.memory.words, contents: image.flatMap(\.words),
      timing: MemoryTiming(words: 9, cycles: 10, latency: 100, jitter: 20, seed: 7))
    let monitors = [StreamMonitor(sim, \.first), StreamMonitor(sim, \.second)]
    try StreamBench(sim, [memory] + monitors as [any StreamAgent]).run(cycles: 10_000)
    for (monitor, biases) in zip(monitors, biases) {
      #expect(monitor.count > 9_700)
      #expect((0..<monitor.count).allSatisfy { monitor.bits(at: $0) == biases[$0 % biases.count] })
    }
    #expect(memory.wordWaits == 0)
  }
}
