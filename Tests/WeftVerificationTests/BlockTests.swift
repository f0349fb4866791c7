import Testing
import WeftAccelerators
import WeftNetworks
import WeftSimulation
import WeftVerification

/// Accelerators as blocks of a board: frames go through memory, and software runs them through registers.
@Suite struct BlockTests {
  /// A random network as a block, with frames and what they become.
  struct Example {
    let block: AcceleratorBlock<ElasticUnit>
    let frames: [[[Int32]]]
    let expected: [[[Int32]]]

    init(seed: UInt64, layout: TensorFormat.Layout, dataWidth: Int = 64, passes: Int = 3) throws {
      let random = RandomNetwork(seed: seed)
      let network = try random.quantized(random.mixedBits())
      var generator = SplitMix64(seed: ~seed)
      var plan = Plan(randomFor: network, largest: 9, using: &generator)
      if seed % 2 == 0 {
        let batches = network.outputs.map { ($0.name, Int.random(in: 1...2, using: &generator)) }
        plan.batches = Dictionary(batches) { first, _ in first }
      }
      switch seed % 3 {
      case 0: plan = plan.withWeights(in: .streamed, for: network)
      case 1: plan = plan.withWeights(in: .loaded, for: network)
      default: break
      }
      let grid = try ElasticGrid(network, plan: plan)
      block = AcceleratorBlock(grid, settings: BlockSettings(dataWidth: dataWidth, layout: layout))
      frames = RandomFrames(seed: seed).codes(of: network, count: grid.framesPerPass * passes)
      expected = try frames.enumerated().map { index, frame in
        try ReferenceExecutor(network).run(frame).enumerated().map { output, codes in
          index % grid.framesPerPass < grid.batches[output] ? codes : []
        }
      }
    }
  }

  @Test(arguments: 1...6 as ClosedRange<UInt64>, TensorFormat.Layout.allCases)
  func framesGoThroughMemory(seed: UInt64, layout: TensorFormat.Layout) throws {
    let example = try Example(seed: seed, layout: layout, dataWidth: 32 << Int(seed % 3))
    let simulation = try BlockSimulation(example.block, engine: .interpreter, stalls: seed)
    try simulation.enable()
    let run = try simulation.run(example.frames)
    #expect(run.outputs == example.expected, "seed \(seed)")
  }
}
