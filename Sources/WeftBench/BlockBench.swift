import WeftAccelerators
import WeftBoards
import WeftExploration
import WeftNetworks
import WeftSimulation
import WeftVerification

/// Measures what it costs to have an accelerator on a board: cycles a frame of the block, between registers and memory,
/// beside those of the bare grid, which is given its inputs and whose outputs are taken at once. Both have memories of
/// the board's bandwidth, 100 cycles away.
enum BlockBench {
  private static let cases: [(board: Board, layout: TensorFormat.Layout)] = [
    (.pynqZ1, .nchw), (.pynqZ1, .nhwc), (.zcu104, .nchw), (.zcu104, .nhwc),
  ]
  private static let frames = 12
  /// Frames in the middle: the first ones fill the pipeline, and the last ones have it for themselves.
  private static let measured = 5..<9

  /// For each case how much longer a frame takes, and the values that differ from the grid's.
  static func figures() throws -> [Figure] {
    let decoder = try BuiltInModel.avatarDecoder.network(scale: 4)
    let network = try QuantizedNetwork(decoder, calibration: RandomFrames(seed: 1).reals(of: decoder, count: 1))
    let codes = RandomFrames(seed: 2).codes(of: network, count: frames)
    var figures: [Figure] = []
    var wrong = 0
    for (board, layout) in cases {
      let space = try DesignSpace(network, device: board.device)
      let grid = try ElasticGrid(
        network, plan: space.plan(try ExactSearch(space.problem, budget: board.device.budget).run().plan.choices))
      let settings = try AcceleratorProject.settings(for: board, layout: layout)
      let memory = MemoryTiming(cycles: MemoryLayout.wordWidth / settings.dataWidth, latency: 100)
      let bare = try GridSimulation(grid, engine: .verilator, memory: memory).run(codes)
      let block = try BlockSimulation(AcceleratorBlock(grid, settings: settings), engine: .verilator)
      try block.enable()
      let run = try block.run(codes)
      let here = run.cyclesPerPass[measured].reduce(0, +)
      let there = bare.cycles(fromPass: measured.lowerBound - 1, to: measured.upperBound - 1)
      wrong += zip(run.outputs.joined().joined(), bare.outputs.joined().joined()).count { $0 != $1 }
      figures.append(
        Figure(
          name: "cycles a frame on \(board.name), \(layout.rawValue), beyond the grid's \(there / measured.count)",
          value: 100 * (Double(here) / Double(max(1, there)) - 1), unit: "%", bound: .atMost(2)))
    }
    return figures + [
      Figure(name: "values that differ from the grid's", value: Double(wrong), unit: "", bound: .atMost(0))
    ]
  }
}
