import Testing
import Weft
import WeftSimulation
import WeftStreams

/// Writes the bytes of a region of memory, inverted, to another one.
struct Inverter: Module {
  var from: Weft.Stream<DMADescriptor> { sink(.bundle(DMADescriptor(addressWidth: 32))) }
  var to: Weft.Stream<DMADescriptor> { sink(.bundle(DMADescriptor(addressWidth: 32))) }
  var outcomes: Weft.Stream<Choice<DMAOutcome>> { source(.choice()) }
  var m_axi: AXI4 { output(.bundle(AXI4(addressWidth: 32, dataWidth: 64))) }
  var reader: Instance<DMAReader> { instance(DMAReader(addressWidth: 32, dataWidth: 64)) }
  var writer: Instance<DMAWriter> { instance(DMAWriter(addressWidth: 32, dataWidth: 64)) }

  var body: Circuit {
    reader.descriptors <== from
    writer.descriptors <== to
    m_axi.reads <== reader.bus
    m_axi.writes <== writer.bus
    writer.input
      <== reader.output.map { transfer in
        var inverted = transfer
        inverted.data = ~transfer.data
        return inverted
      }
    reader.completions.ready <== 1
    outcomes <== writer.completions
  }
}

/// The example of the page on AXI.
@Suite struct AXIPageTests {
  @Test func regionsAreInverted() throws {
    let sim = try Simulation(Inverter())
    let memory = AXIMemory(sim, \.m_axi, timing: MemoryTiming(latency: 100, outstanding: 16), stalls: .random(seed: 7))
    let (from, to) = (StreamDriver(sim, \.from), StreamDriver(sim, \.to))
    let outcomes = StreamMonitor(sim, \.outcomes)
    let image = (0..<300).map { UInt8(truncatingIfNeeded: $0) }
    memory.memory.write(image, at: 0x1003)
    from.send([0x1003, 100, 3, 100])  // 3 rows of 100 bytes, one behind the other,
    to.send([0x8000, 60, 5, 256])  // become 5 rows of 60 bytes, 256 apart.
    let bench = StreamBench(sim, from, to, memory, outcomes, AXIChecker(sim, \.m_axi))
    try bench.run(until: { outcomes.count == 1 }, limit: 10_000)
    for row in 0..<5 {
      let start = 0x8000 + 256 * row
      #expect(memory.memory[start..<(start + 60)] == image[(60 * row)..<(60 * row + 60)].map { ~$0 })
      #expect(memory.memory[start + 60] == 0)
    }
    #expect(outcomes.values == [0])
  }
}
