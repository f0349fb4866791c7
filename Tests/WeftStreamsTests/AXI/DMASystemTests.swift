import Testing
import Weft
import WeftLint
import WeftSimulation
import WeftStreams

/// A reader and a writer on one bus, in front of a memory that does as memories do, under the rules of the standard.
@Suite struct DMASystemTests {
  /// The system, what its regions hold, and what is wanted of them.
  private struct System {
    let sim: Simulation<Inverter>
    let memory: AXIMemory
    let bench: StreamBench
    let from, to: StreamDriver
    let outcomes: StreamMonitor
    var generator: SplitMix64

    init(engine: EngineKind = .interpreter, seed: UInt64) throws {
      sim = try Simulation(Inverter(), engine: engine)
      let timing = MemoryTiming(latency: 10, jitter: 40, seed: seed, outstanding: 8)
      memory = AXIMemory(sim, \.m_axi, timing: timing, stalls: .random(seed: seed))
      (from, to) = (StreamDriver(sim, \.from), StreamDriver(sim, \.to))
      outcomes = StreamMonitor(sim, \.outcomes)
      bench = StreamBench(sim, from, to, memory, outcomes, AXIChecker(sim, \.m_axi))
      generator = SplitMix64(seed: seed)
      memory.memory.write(randomBytes(1 << 14, seed: seed), at: 0x1_0000)
    }

    /// Asks for rows of random length, and gives the addresses that are read and written, byte for byte.
    mutating func ask() -> (from: [Int], to: [Int]) {
      let (width, height) = (Int.random(in: 1...90, using: &generator), Int.random(in: 1...12, using: &generator))
      let (source, target) = (
        0x1_0000 + Int.random(in: 0..<8_192, using: &generator), 0x2_0000 + Int.random(in: 0..<8_192, using: &generator)
      )
      let stride = width + Int.random(in: 0...100, using: &generator)
      from.send([source, width, height, stride])
      to.send([target, width * height, 1, 0])
      return (
        (0..<height).flatMap { row in (0..<width).map { source + row * stride + $0 } },
        Array(target..<(target + width * height))
      )
    }

    /// Whether what was asked for is done.
    func isRight(_ addresses: (from: [Int], to: [Int])) -> Bool {
      zip(addresses.from, addresses.to).allSatisfy { memory.memory[$1] == ~memory.memory[$0] }
    }
  }

  @Test(arguments: [(EngineKind.interpreter, UInt64(1)), (.interpreter, 2), (.verilator, 3)])
  func regionsAreCopied(engine: EngineKind, seed: UInt64) throws {
    if engine == .verilator, !LintTools.has("verilator") { return }
    var system = try System(engine: engine, seed: seed)
    for count in 1...30 {
      let addresses = system.ask()
      try system.bench.run(until: { system.outcomes.count == count }, limit: 20_000)
      #expect(system.isRight(addresses), "copy \(count), seed \(seed)")
    }
    #expect(Set(system.outcomes.values) == [0])
  }

  @Test func aMemoryThatStandsStillIsWaitedFor() throws {
    var system = try System(seed: 4)
    let addresses = system.ask()
    try system.bench.run(cycles: 40)
    system.memory.stall(cycles: 20_000)
    try system.bench.run(cycles: 19_990)
    #expect(system.outcomes.count == 0)
    try system.bench.run(until: { system.outcomes.count == 1 }, limit: 10_000)
    #expect(system.isRight(addresses))
  }

  @Test(arguments: 1...20) func aResetInFlightLeavesNothingBehind(seed: UInt64) throws {
    var system = try System(seed: seed)
    _ = system.ask()
    try system.bench.run(cycles: Int.random(in: 5...250, using: &system.generator))
    try system.bench.reset()
    let count = system.outcomes.count
    let addresses = system.ask()
    try system.bench.run(until: { system.outcomes.count == count + 1 }, limit: 20_000)
    #expect(system.isRight(addresses), "seed \(seed)")
  }

  @Test(arguments: 1...10) func faultsEndWhatTheyConcern(seed: UInt64) throws {
    var system = try System(seed: seed)
    let order = Array(DMAOutcome.allCases)
    for count in stride(from: 1, through: 10, by: 2) {
      let failing = system.ask()
      let isRead = Bool.random(using: &system.generator)
      let place = isRead ? failing.from.randomElement(using: &system.generator) : failing.to.last
      let fault = try #require(place)
      system.memory.faults = [AXIFault(fault..<(fault + 1), isRead ? .decodeError : .subordinateError)]
      try system.bench.run(until: { system.outcomes.count == count }, limit: 20_000)
      let outcome = order[system.outcomes.values[count - 1]]
      #expect(outcome == (isRead ? .packetTooShort : .subordinateError), "seed \(seed)")
      system.memory.faults = []
      let addresses = system.ask()
      try system.bench.run(until: { system.outcomes.count == count + 1 }, limit: 20_000)
      #expect(system.isRight(addresses), "seed \(seed)")
    }
  }
}
