import Testing
import Weft
import WeftLint
import WeftSimulation
import WeftStreams

@Suite struct ArbitrationTests {
  @Test(arguments: [Arbiter<Unsigned>.Policy.priority, .roundRobin], [1, 2, 3, 5])
  func arbitersLoseNothing(policy: Arbiter<Unsigned>.Policy, streams: Int) throws {
    for seed in 1...3 as ClosedRange<UInt64> {
      let sim = try Simulation(Arbiter(of: .unsigned(12), streams: streams, policy: policy))
      let drivers = (0..<streams).map { stream in
        let driver = StreamDriver(sim, \.inputs[stream], stalls: .random(seed: seed &* 31 &+ UInt64(stream)))
        driver.send(contentsOf: (0..<50).map { stream * 64 + $0 })
        return driver
      }
      let monitor = StreamMonitor(sim, \.output, stalls: .random(seed: seed))
      try StreamBench(sim, drivers as [any StreamAgent] + [monitor]).run(
        until: { monitor.count == streams * 50 }, limit: 100_000)
      for stream in 0..<streams {
        let own = monitor.values.filter { $0 / 64 == stream }
        #expect(own == (0..<50).map { stream * 64 + $0 }, "stream \(stream) of \(streams), \(policy), seed \(seed)")
      }
    }
  }

  @Test func roundRobinIsFair() throws {
    let sim = try Simulation(Arbiter(of: .unsigned(4), streams: 3))
    let drivers = (0..<3).map { stream in
      let driver = StreamDriver(sim, \.inputs[stream])
      driver.send(contentsOf: Array(repeating: stream, count: 4))
      return driver
    }
    let monitor = StreamMonitor(sim, \.output)
    try StreamBench(sim, drivers as [any StreamAgent] + [monitor]).run(cycles: 12)
    #expect(monitor.values == [0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2])
  }

  @Test func crossbarsDeliver() throws {
    for seed in 1...3 as ClosedRange<UInt64> {
      var random = SplitMix64(seed: seed)
      let sim = try Simulation(Crossbar(of: .unsigned(12), inputs: 3, outputs: 2))
      var expected: [[[Int]]] = Array(repeating: [[], [], []], count: 2)
      let drivers = (0..<3).map { from in
        let driver = StreamDriver(sim, \.inputs[from], stalls: .random(seed: seed &+ UInt64(from)))
        for number in 0..<40 {
          let to = Int.random(in: 0..<2, using: &random)
          driver.send([from * 64 + number, to])
          expected[to][from].append(from * 64 + number)
        }
        return driver
      }
      let monitors = (0..<2).map { StreamMonitor(sim, \.outputs[$0], stalls: .random(seed: seed &* 7 &+ UInt64($0))) }
      try StreamBench(sim, drivers as [any StreamAgent] + monitors).run(
        until: { monitors.reduce(0) { $0 + $1.count } == 120 }, limit: 100_000)
      for (to, monitor) in monitors.enumerated() {
        for from in 0..<3 {
          #expect(monitor.values.filter { $0 / 64 == from } == expected[to][from], "seed \(seed), \(from) to \(to)")
        }
      }
    }
  }

  @Test func framersMarkTheLast() throws {
    let sim = try Simulation(PacketFramer(of: .unsigned(8), length: 3))
    let driver = StreamDriver(sim, \.input, stalls: .random(seed: 5))
    driver.send(contentsOf: 0..<9)
    let monitor = StreamMonitor(sim, \.output, stalls: .random(seed: 6))
    try StreamBench(sim, driver, monitor).run(until: { monitor.count == 9 }, limit: 1000)
    #expect((0..<9).map { monitor.vector(at: $0)[1] } == [0, 0, 1, 0, 0, 1, 0, 0, 1])
  }

  @Test func filtersAndCreditsCount() throws {
    let sim = try Simulation(CreditCounter(credits: 3))
    sim.reset()
    sim.sends = 1
    sim.step(3)
    #expect(sim.isAvailable == 0 && sim.count == 0)
    sim.frees = 1
    sim.step()
    #expect(sim.count == 0)
    sim.sends = 0
    sim.step(2)
    #expect(sim.count == 2)
    let filter = try Simulation(Filter(of: .unsigned(8)))
    let (ready, valid) = (filter[\.input.ready], filter[\.output.valid])
    filter[\.input.valid].value = 1
    filter.isKept = 0
    #expect(ready.value == 1 && valid.value == 0)
    filter.isKept = 1
    #expect(ready.value == 0 && valid.value == 1)
  }

  @Test func multiportMemoryFollowsItsModel() throws {
    for engine in [EngineKind.interpreter, .verilator] {
      var random = SplitMix64(seed: 77)
      let sim = try Simulation(MultiportMemory(of: .unsigned(8), depth: 6, writes: 3, reads: 2), engine: engine)
      var words = [Int](repeating: 0, count: 6)
      for step in 0..<500 {
        let enables = (0..<3).map { _ in Int.random(in: 0..<2, using: &random) }
        let addresses = (0..<5).map { _ in Int.random(in: 0..<6, using: &random) }
        let data = (0..<3).map { _ in Int.random(in: 0..<256, using: &random) }
        (sim.writeEnables, sim.writeAddresses, sim.writeData) = (enables, Array(addresses[..<3]), data)
        sim.readAddresses = Array(addresses[3...])
        let expected = addresses[3...].map { words[$0] }
        for port in 0..<3 where enables[port] == 1 { words[addresses[port]] = data[port] }
        sim.step()
        #expect(sim.readData == expected, "step \(step)")
      }
    }
  }

  @Test func libraryIsCleanVerilog() throws {
    let designs = [
      try Design(Arbiter(of: .unsigned(8), streams: 3)), try Design(Crossbar(of: .unsigned(8), inputs: 2, outputs: 3)),
      try Design(Multiplexer(of: .unsigned(8), streams: 3)), try Design(PacketFramer(of: .unsigned(8), length: 4)),
      try Design(CreditCounter(credits: 5)), try Design(Filter(of: .unsigned(8))),
      try Design(MultiportMemory(of: .unsigned(8), depth: 16, writes: 2, reads: 2)), try Design(SumOfSquares()),
    ]
    for design in designs {
      let complaints = try LintTools.complaints(about: design)
      #expect(complaints.isEmpty, "\(design.top.name): \(complaints)")
    }
  }
}

/// a * a + b, where b travels beside the square by itself.
struct SumOfSquares: Module {
  var input: Weft.Stream<Pair<Unsigned, Unsigned>> { sink(.bundle(Pair(of: .unsigned(8), .unsigned(4)))) }
  var output: Weft.Stream<Unsigned> { source(.unsigned(17)) }
  var body: Circuit {
    let pipeline = Pipeline(from: input, to: output, stages: 3, in: self)
    let square = pipeline.stage(1, "square") { now in now[pipeline.entry].first * now[pipeline.entry].first }
    let sum = pipeline.stage(2, "sum") { now in now[square] + now[pipeline.entry].second }
    pipeline.finish(sum)
  }
}

@Suite struct PipelineTests {
  @Test(arguments: [EngineKind.interpreter, .verilator]) func valuesTravelWithTheirPayload(engine: EngineKind) throws {
    for seed in 1...4 as ClosedRange<UInt64> {
      var random = SplitMix64(seed: seed)
      let sim = try Simulation(SumOfSquares(), engine: engine)
      let pairs = (0..<100).map { _ in
        [Int.random(in: 0..<256, using: &random), Int.random(in: 0..<16, using: &random)]
      }
      let driver = StreamDriver(sim, \.input, stalls: .random(seed: seed))
      driver.send(contentsOf: pairs)
      let monitor = StreamMonitor(sim, \.output, stalls: .random(seed: seed &+ 50))
      try StreamBench(sim, driver, monitor).run(until: { monitor.count == 100 }, limit: 10_000)
      #expect(monitor.values == pairs.map { $0[0] * $0[0] + $0[1] }, "seed \(seed)")
    }
  }

  @Test func aPayloadACycle() throws {
    let sim = try Simulation(SumOfSquares())
    let driver = StreamDriver(sim, \.input)
    driver.send(contentsOf: (0..<50).map { [$0, 1] })
    let monitor = StreamMonitor(sim, \.output)
    try StreamBench(sim, driver, monitor).run(cycles: 53)
    #expect(monitor.cycles == Array(3..<53))
  }
}
