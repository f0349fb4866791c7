import Testing
import Weft
import WeftLint
import WeftSimulation
import WeftStreams

extension Domain {
  static let pixel = Domain(clock: "pixel_clock", reset: "pixel_reset")
}

struct Camera: Module {
  var frame: Bit { input(.bit) }
  var count: Unsigned { register(.unsigned(8), reset: 0, domain: .pixel) }
  var crossing: Instance<PulseCrossing> { instance(PulseCrossing(from: .pixel, to: .main)) }
  var isNewFrame: Bit { output(.bit) }
  var body: Circuit {
    When(frame) { count <== count &+ 1 }
    crossing.pulse <== frame
    isNewFrame <== crossing.crossed
  }
}

private let slow = Domain(clock: "slow_clock", reset: "slow_reset")
private let fast = Domain(clock: "fast_clock", reset: "fast_reset")

/// Two clocks of periods that do not divide each other, turned by hand.
private struct TwoClocks<M: Module> {
  let sim: Simulation<M>
  /// Half the periods, and where in them each clock is.
  var halves: [Int]
  private var phases = [0, 0]
  private var levels = [0, 0]

  init(_ module: M, engine: EngineKind, halves: [Int]) throws {
    sim = try Simulation(module, engine: engine)
    self.halves = halves
    for name in [slow.reset, fast.reset] { sim.engine.storage(ofPort: name)?.unsignedValue = 1 }
    for _ in 0..<40 { _ = tick() }
    for name in [slow.reset, fast.reset] { sim.engine.storage(ofPort: name)?.unsignedValue = 0 }
  }

  /// Moves time to the next step; `rises` says which clocks are about to rise before they do.
  mutating func tick(_ before: ([Bool]) -> Void = { _ in }) -> [Bool] {
    var rises = [false, false]
    for clock in 0..<2 {
      phases[clock] += 1
      if phases[clock] == halves[clock] {
        phases[clock] = 0
        levels[clock] ^= 1
        rises[clock] = levels[clock] == 1
      }
    }
    before(rises)
    sim.engine.evaluate()
    for (clock, name) in [slow.clock, fast.clock].enumerated() {
      sim.engine.storage(ofPort: name)?.unsignedValue = levels[clock]
    }
    sim.engine.evaluate()
    return rises
  }
}

@Suite struct CrossingTests {
  /// Sends numbers through a crossing with stalls on both sides and gives what comes out.
  private func pass<M: Module>(
    _ module: M, engine: EngineKind, halves: [Int], seed: UInt64, input: KeyPath<M, Weft.Stream<Unsigned>>,
    output: KeyPath<M, Weft.Stream<Unsigned>>, count: Int
  ) throws -> [Int] {
    var random = SplitMix64(seed: seed)
    var clocks = try TwoClocks(module, engine: engine, halves: halves)
    let sim = clocks.sim
    let (payload, valid, ready) = (
      sim[input.appending(path: \.payload)], sim[input.appending(path: \.valid)], sim[input.appending(path: \.ready)]
    )
    let (outPayload, outValid, outReady) = (
      sim[output.appending(path: \.payload)], sim[output.appending(path: \.valid)],
      sim[output.appending(path: \.ready)]
    )
    var (sent, received): (Int, [Int]) = (0, [])
    for _ in 0..<count * 400 where received.count < count {
      _ = clocks.tick { rises in
        sim.engine.evaluate()
        if rises[0], valid.value == 1, ready.value == 1 { sent += 1 }
        if rises[1], outValid.value == 1, outReady.value == 1 { received.append(outPayload.value) }
      }
      if valid.value == 0 || sent * 7 % 256 != payload.value {
        valid.value = sent < count && Int.random(in: 0..<3, using: &random) > 0 ? 1 : 0
        payload.value = sent * 7 % 256
      }
      outReady.value = Int.random(in: 0..<3, using: &random) > 0 ? 1 : 0
    }
    return received
  }

  @Test(arguments: [EngineKind.interpreter, .verilator], [[7, 3], [3, 8], [5, 5]])
  func queuesKeepOrder(engine: EngineKind, halves: [Int]) throws {
    for depth in [2, 8] {
      let module = AsynchronousFIFO(of: .unsigned(8), depth: depth, from: slow, to: fast)
      let received = try pass(
        module, engine: engine, halves: halves, seed: 3, input: \.input, output: \.output, count: 200)
      #expect(received == (0..<200).map { $0 * 7 % 256 }, "depth \(depth), halves \(halves)")
    }
  }

  @Test(arguments: [[7, 3], [3, 8]]) func handshakesLoseNothing(halves: [Int]) throws {
    let module = HandshakeCrossing(of: .unsigned(8), from: slow, to: fast)
    let received = try pass(
      module, engine: .interpreter, halves: halves, seed: 9, input: \.input, output: \.output, count: 60)
    #expect(received == (0..<60).map { $0 * 7 % 256 })
  }

  @Test func pulsesArriveOnce() throws {
    var clocks = try TwoClocks(PulseCrossing(from: slow, to: fast), engine: .interpreter, halves: [5, 4])
    let (sim, input, output) = (clocks.sim, clocks.sim[\.pulse], clocks.sim[\.crossed])
    var (sent, seen, edges) = (0, 0, 0)
    for _ in 0..<4000 {
      let rises = clocks.tick { rises in
        sim.engine.evaluate()
        if rises[0], input.value == 1 { sent += 1 }
        if rises[1], output.value == 1 { seen += 1 }
      }
      if rises[0] {
        edges += 1
        input.value = edges % 4 == 0 && edges < 350 ? 1 : 0
      }
    }
    #expect(sent > 80 && seen == sent)
  }

  @Test func crossingsAreCleanVerilog() throws {
    let designs = [
      try Design(AsynchronousFIFO(of: .unsigned(8), depth: 4, from: slow, to: fast)),
      try Design(HandshakeCrossing(of: .unsigned(8), from: slow, to: fast)),
      try Design(PulseCrossing(from: slow, to: fast)), try Design(Camera()),
      try Design(
        ResetSynchroniser(Domain(clock: "clock", reset: "button", resetKind: .asynchronous, isResetActiveHigh: false))),
    ]
    for design in designs {
      let complaints = try LintTools.complaints(about: design)
      #expect(complaints.isEmpty, "\(design.top.name): \(complaints)")
    }
    #expect(
      try Design(Synchroniser(from: slow, to: fast)).verilog().modules[0].contents.contains(
        "(* ASYNC_REG = \"TRUE\" *)\n  reg [1:0] chain = 2'd0;"))
  }

  @Test func impossibleCrossingsAreRefused() {
    let error = #expect(throws: ElaborationError.self) {
      try Design(AsynchronousFIFO(of: .unsigned(8), depth: 6, from: slow, to: fast))
    }
    #expect(error?.description.contains("2, 4, 8 ... places; 6 were asked for [parameter]") == true)
    #expect(throws: ElaborationError.self) { try Design(Synchroniser(from: slow, to: fast, stages: 1)) }
    #expect(throws: ElaborationError.self) { try Design(ResetSynchroniser(.main)) }
  }
}
