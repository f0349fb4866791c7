import Weft
import WeftAccelerators
import WeftNetworks
import WeftSimulation
import WeftStreams

/// A grid that runs: frames go in and come out in channel, row, column order, whatever the order on the links.
public final class GridSimulation<Unit: StageUnit> {
  private let grid: Grid<Unit>
  private let simulation: Simulation<Grid<Unit>>
  private let stalls: UInt64?
  private let outputStall: OutputStall?
  private let memory: MemoryTiming

  /// Builds the grid's simulation.
  ///
  /// - Parameters:
  ///   - stalls: The seed of random stalls at every port; without one sources are always valid and sinks always ready.
  ///   - outputStall: An output that takes nothing for a while.
  ///   - memory: How fast the external memory is; without it a word a cycle, at the latency that the grid is made for,
  ///     or up to twice that under stalls.
  /// - Throws: `ElaborationError` for a mistake in the grid, `SimulationError` where the engine cannot be had.
  public init(
    _ grid: Grid<Unit>, engine: EngineKind, stalls: UInt64? = nil, outputStall: OutputStall? = nil,
    memory: MemoryTiming? = nil
  ) throws {
    self.grid = grid
    self.stalls = stalls
    self.outputStall = outputStall
    self.memory =
      memory
      ?? MemoryTiming(
        latency: MemoryLayout.latency, jitter: stalls == nil ? 0 : MemoryLayout.latency, seed: stalls ?? 0)
    simulation = try Simulation(grid, engine: engine)
  }

  /// Resets the grid and runs frames through it, one directly after the other.
  ///
  /// Where outputs have batches, frames come in passes of `Grid.framesPerPass`: of an input or an
  /// output with fewer, the first frames of each pass count.
  ///
  /// - Parameters:
  ///   - frames: For each frame the codes of every input.
  ///   - progress: Is told from time to time how far the run is.
  /// - Throws: `NetworkError` where a frame does not fit the inputs or the frames are not whole passes,
  ///   `SimulationError` where the hardware breaks the rules of a stream, gives more than it should, or neither takes
  ///   nor gives anything for longer than any stage takes for two frames.
  public func run(_ frames: [[[Int32]]], progress: (RunProgress) -> Void = { _ in }) throws -> GridRun {
    try check(frames)
    simulation.reset()
    let drivers = grid.network.inputs.indices.map {
      StreamDriver(simulation, \.inputs[$0], stalls: makeStalls(agent: $0))
    }
    let monitors = grid.network.outputs.indices.map {
      StreamMonitor(simulation, \.outputs[$0], stalls: makeStalls(output: $0, agent: drivers.count + $0))
    }
    for (input, driver) in drivers.enumerated() {
      let (order, batch) = (grid.inputOrders[input].indices, grid.inputBatches[input])
      for (index, frame) in frames.enumerated() where index % grid.framesPerPass < batch {
        driver.send(contentsOf: order.lazy.map { Int(frame[input][$0[0]]) })
      }
    }
    let recorders = grid.isObserved ? [StageRecorder(simulation, stages: grid.stages)] : []
    let queues = grid.isObserved && !grid.queues.isEmpty ? [QueueRecorder(simulation)] : []
    let bench = StreamBench(simulation, drivers as [any StreamAgent] + monitors + makeMemory() + recorders + queues)
    let start = simulation.engine.cycle
    let passes = frames.count / grid.framesPerPass
    let transfersPerPass = zip(grid.outputOrders, grid.batches).map { $0.transfersPerFrame * $1 }
    let expected = transfersPerPass.map { $0 * passes }
    try run(bench, drivers, monitors, until: expected, progress: progress) {
      recorders.allSatisfy { $0.has(passes: passes) }
    }
    try checkSurplus(bench, monitors, expected)
    return GridRun(
      outputs: frames.indices.map { frame in
        monitors.indices.map { output in
          grid.gives(frame: frame, ofOutput: output) ? collect(frame, output: output, from: monitors[output]) : []
        }
      },
      lastBeats: (0..<passes).map { pass in
        monitors.indices.map { monitors[$0].cycles[(pass + 1) * transfersPerPass[$0] - 1] - start }
      },
      stageSpans: recorders.first?.spans(ofPasses: passes, from: start) ?? [],
      highWaterMarks: queues.first?.highWaterMarks ?? [])
  }
}

extension GridSimulation {
  private func makeStalls(agent: Int) -> Stalls {
    stalls.map { .random(seed: $0 &+ UInt64(agent) &* 0x9e37_79b9) } ?? .none
  }

  private func makeStalls(output: Int, agent: Int) -> Stalls {
    let stalls = makeStalls(agent: agent)
    guard let outputStall, outputStall.output == output else { return stalls }
    return stalls.holding(during: outputStall.cycles)
  }

  /// The external memory, where the grid has a port to it: without requests that an earlier run has left.
  private func makeMemory() -> [MemoryModel] {
    grid.memoryLayout.regions.isEmpty
      ? []
      : [
        MemoryModel(
          simulation, requests: \.memory[0].requests, words: \.memory[0].words, contents: grid.memoryImage,
          timing: memory)
      ]
  }

  private func check(_ frames: [[[Int32]]]) throws(NetworkError) {
    guard frames.count.isMultiple(of: grid.framesPerPass) else {
      throw NetworkError(
        "frames", "there are \(frames.count), but a pass of the accelerator takes \(grid.framesPerPass)",
        cure: "give whole passes")
    }
    for frame in frames {
      guard frame.count == grid.network.inputs.count else {
        throw NetworkError("frame", "it has \(frame.count) inputs, the network \(grid.network.inputs.count)")
      }
      for (codes, input) in zip(frame, grid.network.inputs) {
        guard codes.count == input.shape.count else {
          throw NetworkError("input '\(input.name)'", "\(codes.count) codes are not a frame of \(input.shape)")
        }
        if let code = codes.first(where: { !input.quantization.codes.contains(Int($0)) }) {
          throw NetworkError("input '\(input.name)'", "the code \(code) does not fit \(input.quantization.bits) bits")
        }
      }
    }
  }

  private func run(
    _ bench: StreamBench, _ drivers: [StreamDriver], _ monitors: [StreamMonitor], until expected: [Int],
    progress: (RunProgress) -> Void, isRecorded: () -> Bool
  ) throws {
    // Weights that are kept are loaded before the first frame.
    let loading = grid.memoryLayout.size * memory.cycles / memory.words * 16
    let patience = (10_000 + 2 * grid.cost.cyclesPerFrame(at: memory) + loading) * (stalls == nil ? 1 : 8)
      + (outputStall?.cycles.count ?? 0)
    let total = expected.reduce(0, +)
    var (cycles, handshakes, lastChange) = (0, 0, 0)
    while zip(monitors, expected).contains(where: { $0.count < $1 }) || !isRecorded() {
      // Large steps would run past the end, small ones would spend the time on looking.
      let missing = zip(monitors, expected).map { $1 - $0.count }.max() ?? 0
      let count = min(max(missing, 1), 4096)
      try bench.run(cycles: count)
      cycles += count
      let received = monitors.reduce(0) { $0 + $1.count }
      progress(RunProgress(cycles: cycles, received: received, expected: total))
      let passed = drivers.reduce(received) { $0 + $1.sentCount }
      if passed != handshakes {
        (handshakes, lastChange) = (passed, cycles)
      } else if cycles - lastChange > patience {
        throw SimulationError(
          "the accelerator hangs: nothing passed at its ports for \(patience) cycles, of \(total) transfers "
            + "\(received) came; " + bench.agents.map(\.status).joined(separator: "; "))
      }
    }
  }

  /// Runs on for a while, in which a grid that gives too much is found out.
  private func checkSurplus(_ bench: StreamBench, _ monitors: [StreamMonitor], _ expected: [Int]) throws {
    try bench.run(cycles: 64)
    for (output, monitor) in monitors.enumerated() where monitor.count > expected[output] {
      throw SimulationError(
        "output '\(grid.network.outputs[output].name)' gives transfers beyond the \(expected[output]) of its frames")
    }
  }

  private func collect(_ frame: Int, output: Int, from monitor: StreamMonitor) -> [Int32] {
    let order = grid.outputOrders[output].indices
    let (pass, place) = frame.quotientAndRemainder(dividingBy: grid.framesPerPass)
    let first = (pass * grid.batches[output] + place) * order.count
    var codes = [Int32](repeating: 0, count: grid.outputOrders[output].shape.count)
    for (transfer, indices) in order.enumerated() {
      let lanes = monitor.vector(at: first + transfer)
      for (lane, index) in indices.enumerated() where index >= 0 {
        codes[index] = Int32(truncatingIfNeeded: lanes[lane])
      }
    }
    return codes
  }
}

extension Grid {
  /// Whether an output has a frame: one of the first of its pass.
  func gives(frame: Int, ofOutput output: Int) -> Bool { frame % framesPerPass < batches[output] }

  /// Of each frame's outputs those that the grid gives, others without codes.
  func given(_ frames: [[[Int32]]]) -> [[[Int32]]] {
    frames.enumerated().map { frame, outputs in
      outputs.enumerated().map { gives(frame: frame, ofOutput: $0) ? $1 : [] }
    }
  }
}
