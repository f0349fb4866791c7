import Testing
import WeftAccelerators
import WeftNetworks
import WeftSimulation
import WeftVerification

/// Accelerators behind a serial line.
@Suite struct SerialTests {
  /// A random network behind a line, with frames and what they become.
  private struct Example {
    let simulation: SerialSimulation<ElasticUnit>
    let frames: [[[Int32]]]
    let expected: [[[Int32]]]

    init(seed: UInt64, cyclesPerBit: Int = 4, passes: Int = 1) throws {
      let random = RandomNetwork(seed: seed)
      let network = try random.quantized(random.mixedBits())
      var generator = SplitMix64(seed: ~seed)
      var plan = Plan(randomFor: network, largest: 6, using: &generator).withWeights(in: .chip, for: network)
      for index in plan.stages.indices { plan.stages[index].unit.biasStore = .chip }
      if seed % 2 == 0 {
        let batches = network.outputs.map { ($0.name, Int.random(in: 1...2, using: &generator)) }
        plan.batches = Dictionary(batches) { first, _ in first }
      }
      let grid = try ElasticGrid(network, plan: plan)
      simulation = try SerialSimulation(
        SerialAccelerator(grid, settings: SerialSettings(cyclesPerBit: cyclesPerBit, resetsGrid: seed % 2 == 0)),
        engine: .interpreter)
      frames = RandomFrames(seed: seed).codes(of: network, count: grid.framesPerPass * passes)
      expected = try frames.enumerated().map { index, frame in
        try ReferenceExecutor(network).run(frame).enumerated().map { output, codes in
          index % grid.framesPerPass < grid.batches[output] ? codes : []
        }
      }
    }
  }

  @Test(arguments: 1...5 as ClosedRange<UInt64>) func framesGoOverTheLine(seed: UInt64) throws {
    let example = try Example(seed: seed, cyclesPerBit: 4 + Int(seed) % 3)
    #expect(try example.simulation.identity() == example.simulation.accelerator.configurationHash)
    #expect(try example.simulation.run(example.frames) == example.expected, "seed \(seed)")
  }

  /// Whatever came before, a break brings the accelerator back.
  @Test(arguments: 11...12 as ClosedRange<UInt64>) func aBreakBeginsAnew(seed: UInt64) throws {
    let example = try Example(seed: seed, passes: 1)
    let simulation = example.simulation
    var random = SplitMix64(seed: seed)
    for _ in 0..<2 {
      // Part of a frame, and then anything.
      simulation.send([0, 200] + (0..<Int.random(in: 0...150, using: &random)).map { UInt8($0) })
      simulation.run(cycles: Int.random(in: 0...4_000, using: &random))
      simulation.send((0..<20).map { _ in UInt8.random(in: 0...255, using: &random) })
      simulation.run(cycles: Int.random(in: 0...4_000, using: &random))
      simulation.breakLine()
      simulation.run(cycles: 200)
      _ = simulation.takeReceived()
      #expect(try simulation.identity() == simulation.accelerator.configurationHash, "seed \(seed)")
      #expect(try simulation.run(example.frames) == example.expected, "seed \(seed)")
    }
  }

  @Test func whatIsNotUnderstoodIsTold() throws {
    let simulation = try Example(seed: 3).simulation
    let bits = simulation.accelerator.settings.cyclesPerBit * 40
    let count = UInt8(simulation.accelerator.inputs.count)
    for byte in [count, 0x40, 0x81, 0xff] {
      simulation.send([byte])
      simulation.run(cycles: bits)
      #expect(simulation.takeReceived() == [0xc0 | UInt8(SerialSettings.Fault.unknownPacket.rawValue)], "\(byte)")
    }
    // Without a look at the credits: what the grid does not take in time is lost.
    let elements = 255 * simulation.accelerator.inputs[0].elementBytes
    let overrun = 0xc0 | UInt8(SerialSettings.Fault.overrun.rawValue)
    var isTold = false
    for _ in 0..<60 where !isTold {
      simulation.send([0, 255] + Array(repeating: 1, count: elements))
      simulation.run(cycles: bits / 4 * (elements + 2))
      isTold = simulation.takeReceived().contains(overrun)
    }
    #expect(isTold)
  }

  @Test func externalMemoryIsRefused() throws {
    let random = RandomNetwork(seed: 5)
    let network = try random.quantized(random.mixedBits())
    let plan = Plan(uniform: UnitConfiguration(), for: network).withWeights(in: .loaded, for: network)
    let grid = try ElasticGrid(network, plan: plan)
    let error = #expect(throws: PlanError.self) {
      try SerialAccelerator(grid, settings: SerialSettings(cyclesPerBit: 8))
    }
    #expect(error?.message.contains("set weightStore and biasStore to chip") == true)
  }
}
