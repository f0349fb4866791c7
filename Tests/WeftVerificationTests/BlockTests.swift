import Testing
import Weft
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

  /// What the model says of block RAMs is what the memories of the elaborated block, those of its grid left out, ask for.
  @Test(arguments: 1...12 as ClosedRange<UInt64>, TensorFormat.Layout.allCases)
  func itsBlockRAMsAreThoseOfItsMemories(seed: UInt64, layout: TensorFormat.Layout) throws {
    let example = try Example(seed: seed, layout: layout, dataWidth: 32 << Int(seed % 5))
    let design = try Design(example.block)
    func blocks(of module: Netlist) -> Int {
      let own = module.memories.filter { $0.style == .block }.reduce(0) { sum, memory in
        // A memory that asks for block RAM gets it, however small it is.
        sum + MemoryShape(depth: max(memory.depth, 512), width: memory.width).ramb18
      }
      return module.instances.filter { $0.name != "grid" }.reduce(own) { $0 + blocks(of: design.module(of: $1)) }
    }
    let cost = BlockCost(example.block)
    #expect(cost.ramb18 == blocks(of: design.top), "seed \(seed): \(cost)")
    #expect(cost.queues > 0)
  }
}
