import Testing
import Weft
import WeftLint
import WeftSimulation
import WeftStreams

/// The library in Verilog: as a reader sees it, clean under the tools, and running.
@Suite struct VerilogTests {
  @Test func libraryIsClean() throws {
    let pair = Shape<Pair<Signed, Bit>>.bundle(Pair(of: .signed(5), .bit))
    let designs = try [
      Design(FIFO(of: .unsigned(8), depth: 1)), Design(FIFO(of: pair, depth: 5)), Design(FIFO(of: .bit, depth: 8)),
      Design(BlockRAMFIFO(of: .unsigned(8), depth: 1)), Design(BlockRAMFIFO(of: pair, depth: 20)),
      Design(BlockRAMFIFO(of: .vector(4, of: .signed(8)), depth: 64)), Design(PipelineRegister(of: pair)),
      Design(Fork(of: pair, branches: 1)), Design(Fork(of: .unsigned(8), branches: 3)),
      Design(Join(of: pair, streams: 1)), Design(Join(of: .unsigned(8), streams: 3)),
      Design(Zip(of: .signed(3), .unsigned(4))), Design(WidthAdapter(of: .signed(8), from: 1, to: 1)),
      Design(WidthAdapter(of: .signed(8), from: 3, to: 2)), Design(WidthAdapter(of: pair, from: 1, to: 5)),
      Design(WidthAdapter(of: .bit, from: 6, to: 4)),
    ]
    for design in designs {
      let complaints = try LintTools.complaints(about: design)
      #expect(complaints.isEmpty, "\(design.top.summary):\n\(complaints)")
    }
  }

  @Test func buffersPassEverythingOnVerilator() throws {
    guard LintTools.has("verilator") else { return }
    let seed: UInt64 = 21
    let shape = Shape<Vector<Signed>>.vector(5, of: .signed(9))
    let payloads = randomPayloads(3000, width: shape.width, seed: seed)
    #expect(
      try passed(payloads, through: Chain(payload: shape), \.input, \.output, engine: .verilator, seed: seed)
        == payloads, "seed \(seed)")
  }

  @Test func bothEnginesAgreeCycleByCycle() throws {
    guard LintTools.has("verilator") else { return }
    let seed: UInt64 = 22
    let payloads = randomPayloads(600, width: 18, seed: seed)
    let runs = try [EngineKind.interpreter, .verilator].map { engine in
      let sim = try Simulation(Chain(payload: .vector(2, of: .signed(9))), engine: engine)
      let (source, sink) = stalls(seed)
      let driver = StreamDriver(sim, \.input, stalls: source)
      let monitor = StreamMonitor(sim, \.output, stalls: sink)
      driver.send(contentsOf: payloads)
      try StreamBench(sim, driver, monitor).run(until: { monitor.count == payloads.count }, limit: 20_000)
      return monitor
    }
    #expect(runs[0].cycles == runs[1].cycles, "seed \(seed)")
    #expect(runs[0].vectors == runs[1].vectors, "seed \(seed)")
  }
}

/// Most of the library, one behind the other.
private struct Chain: Module {
  let payload: Shape<Vector<Signed>>
  var input: Stream<Vector<Signed>> { sink(payload) }
  var output: Stream<Vector<Signed>> { source(payload) }
  var queue: Instance<FIFO<Vector<Signed>>> { instance(FIFO(of: payload, depth: 3)) }
  var memory: Instance<BlockRAMFIFO<Vector<Signed>>> { instance(BlockRAMFIFO(of: payload, depth: 11)) }
  var stage: Instance<PipelineRegister<Vector<Signed>>> { instance(PipelineRegister(of: payload)) }
  var twice: Instance<Fork<Vector<Signed>>> { instance(Fork(of: payload, branches: 2)) }
  var zip: Instance<Zip<Vector<Signed>, Vector<Signed>>> { instance(Zip(of: payload, payload)) }
  var narrow: Instance<WidthAdapter<Vector<Signed>>> { instance(WidthAdapter(of: payload, from: 2, to: 3)) }
  var wide: Instance<WidthAdapter<Vector<Signed>>> { instance(WidthAdapter(of: payload, from: 3, to: 2)) }
  var body: Circuit {
    queue.input <== input
    memory.input <== queue.output
    twice.input <== memory.output
    zip.first <== twice.outputs[0]
    stage.input <== twice.outputs[1]
    zip.second <== stage.output
    narrow.input <== zip.output.map { Vector([$0.first, $0.second]) }
    wide.input <== narrow.output
    output.valid <== wide.output.valid
    output.payload <== wide.output.payload[0]
    wide.output.ready <== output.ready
  }
}
