import Weft
import WeftAccelerators
import WeftNetworks
import WeftSimulation
import WeftStreams

/// An accelerator block that runs between its two worlds: software at its registers, and memory at its buses, which are
/// watched by checkers of the protocol.
///
/// ```swift
/// let simulation = try BlockSimulation(AcceleratorBlock(grid), engine: .verilator)
/// try simulation.enable()
/// let run = try simulation.run(frames)
/// ```
public final class BlockSimulation<Unit: StageUnit> {
  /// What runs.
  public let block: AcceleratorBlock<Unit>
  /// The simulation.
  public let simulation: Simulation<AcceleratorBlock<Unit>>
  /// The bench with all agents.
  public let bench: StreamBench
  /// Software's way to the registers.
  public let registers: AXILiteManager
  /// The memory at the bus for inputs and outputs.
  public let frameMemory: AXIMemory
  /// The memory at the bus for weights and biases, with the same bytes, where the block has that bus.
  public let parameterMemory: AXIMemory?
  /// What is in memory.
  public let memory: ByteMemory
  /// Where there is memory in this simulation.
  public let addresses: Range<Int>

  /// Where the image of weights and biases lies, and from where on frames do; there is memory in `addresses` alone.
  public static var parametersAddress: Int { 0x1000_0000 }
  /// Where the first frame's tensors lie.
  public static var framesAddress: Int { 0x3000_0000 }
  /// Where there is memory, unless it is asked for elsewhere: accesses beside it end with a decode error.
  public static var addresses: Range<Int> { 0x1000_0000..<0x8000_0000 }

  private let map: RegisterMap
  private let patience: Int

  /// Builds the block's simulation, with its parameters in memory.
  ///
  /// - Parameters:
  ///   - timing: How fast each of the memories is; a word is a beat of the bus.
  ///   - stalls: The seed of random stalls in all channels of all buses.
  ///   - isLoaded: Whether the image of weights and biases is in memory at ``parametersAddress``.
  ///   - addresses: Where there is memory.
  /// - Throws: `ElaborationError` for a mistake in the block, `SimulationError` where the engine cannot be had.
  public init(
    _ block: AcceleratorBlock<Unit>, engine: EngineKind,
    timing: MemoryTiming = MemoryTiming(latency: 100, outstanding: 16), stalls: UInt64? = nil,
    isLoaded: Bool = true, addresses: Range<Int> = BlockSimulation.addresses
  ) throws {
    self.block = block
    self.addresses = addresses
    map = block.registers.map
    simulation = try Simulation(block, engine: engine)
    memory = ByteMemory()
    func makeStalls(_ agent: UInt64) -> AXIStalls {
      stalls.map { .random(seed: $0 &+ agent &* 0x9e37_79b9) } ?? .none
    }
    registers = AXILiteManager(simulation, \.s_axi, stalls: makeStalls(0))
    frameMemory = AXIMemory(
      simulation, \.m_axi, memory: memory, at: addresses, timing: timing, stalls: makeStalls(1))
    var agents: [any StreamAgent] = [
      registers, frameMemory, AXILiteChecker(simulation, \.s_axi), AXIChecker(simulation, \.m_axi),
    ]
    if block.hasParameters {
      let memory = AXIMemory(
        simulation, \.m_axi_parameters[0], memory: memory, at: addresses, timing: timing, stalls: makeStalls(2))
      agents += [memory, AXIChecker(simulation, \.m_axi_parameters[0])]
      parameterMemory = memory
    } else {
      parameterMemory = nil
    }
    bench = StreamBench(simulation, agents)
    let beats = block.grid.memoryLayout.size * MemoryLayout.wordWidth / block.settings.dataWidth
    let moved = (block.inputs + block.outputs).reduce(0) { $0 + $1.bytes }
    let slowness = max(1, timing.cycles / timing.words) * (stalls == nil ? 1 : 16)
    patience = 100_000 + (4 * block.grid.cost.predictedCyclesPerFrame + 4 * beats + 4 * moved) * slowness
    if isLoaded { memory.write(block.parameterImage, at: Self.parametersAddress) }
  }

  // MARK: Registers

  /// The offset of a register in bytes.
  private func offset(_ name: String, _ index: Int = 0) -> Int {
    map[name].map { $0.offset + index * $0.stride } ?? 0
  }

  /// Writes a register.
  ///
  /// - Throws: `SimulationError` where the bus ends the access with an error or not at all.
  public func write(_ value: Int, to name: String, _ index: Int = 0) throws(SimulationError) {
    try registers.write(value, at: offset(name, index), on: bench)
  }

  /// Reads a register.
  ///
  /// - Throws: `SimulationError` where the bus ends the access with an error or not at all.
  public func read(_ name: String, _ index: Int = 0) throws(SimulationError) -> Int {
    try registers.read(at: offset(name, index), on: bench)
  }

  /// What the status register says.
  public struct Status: Hashable, Sendable {
    /// Whether frames can be started.
    public var isRunning: Bool
    /// Whether no bus has anything under way.
    public var isIdle: Bool
    /// Whether an error has stopped the accelerator.
    public var hasFailed: Bool
    /// The frames that can be started.
    public var room: Int
  }

  /// Reads the status.
  ///
  /// - Throws: `SimulationError` where the bus ends the access with an error or not at all.
  public func status() throws(SimulationError) -> Status {
    let word = try read("status")
    return Status(
      isRunning: word & 1 != 0, isIdle: word & 2 != 0, hasFailed: word & 4 != 0, room: word >> 8 & 0xff)
  }

  /// Lets the accelerator run, from its beginning.
  ///
  /// - Parameter parameters: Where its weights and biases lie.
  /// - Throws: `SimulationError` where it does not run after a while.
  public func enable(parameters: Int = parametersAddress) throws(SimulationError) {
    if block.hasParameters { try write(parameters, to: "parameters_address") }
    try write(1, to: "control")
    try wait("run") { () throws(SimulationError) -> Bool in try status().isRunning }
  }

  /// Stops the accelerator, whatever it does, and waits until nothing is under way.
  ///
  /// - Throws: `SimulationError` where something stays under way.
  public func disable() throws(SimulationError) {
    try write(0, to: "control")
    try wait("stop") { () throws(SimulationError) -> Bool in
      let status = try status()
      return !status.isRunning && status.isIdle
    }
  }

  /// Runs until an error has stopped the accelerator.
  ///
  /// - Throws: `SimulationError` where none does.
  public func waitForFailure() throws(SimulationError) {
    try wait("stop with an error") { () throws(SimulationError) -> Bool in try status().hasFailed }
  }

  /// Runs until so many passes are done since the accelerator was enabled.
  ///
  /// - Throws: `SimulationError` where they do not end.
  public func waitForFrames(_ count: Int) throws(SimulationError) {
    try wait("end its frames") { () throws(SimulationError) -> Bool in try read("frame_count") >= count }
  }

  /// Runs until an interrupt is pending, or for so many cycles. Returns whether one is.
  ///
  /// - Throws: `SimulationError` where a rule of a bus is broken.
  public func runUntilInterrupt(cycles: Int) throws(SimulationError) -> Bool {
    for _ in 0..<cycles {
      if simulation.irq == 1 { return true }
      try bench.step()
    }
    return simulation.irq == 1
  }

  private func wait(_ what: String, _ isDone: () throws(SimulationError) -> Bool) throws(SimulationError) {
    let start = bench.cycle
    while try !isDone() {
      guard bench.cycle - start < patience else {
        throw SimulationError("the block does not \(what) within \(patience) cycles")
      }
      try bench.run(cycles: 16)
    }
  }

  // MARK: Frames

  /// What came of frames.
  public struct Run: Hashable, Sendable {
    /// For each frame the codes of every output, in channel, row, column order; none where a pass does not give the
    /// frame.
    public var outputs: [[[Int32]]]
    /// For each pass the cycles since the end of the one before; for the first since the first start. Where two end
    /// between two looks, both have what the last took.
    public var cyclesPerPass: [Int]
  }

  /// Where the tensors of a pass lie: one page-aligned region each, the inputs before the outputs.
  public func addresses(ofPass pass: Int) -> (inputs: [Int], outputs: [Int]) {
    func room(_ format: TensorFormat) -> Int { (format.bytes + 8191) & ~4095 }
    let size = (block.inputs + block.outputs).reduce(0) { $0 + room($1) }
    // Frames begin at any byte.
    var next = Self.framesAddress + pass * size + pass * 7 % 64
    func place(_ format: TensorFormat) -> Int {
      defer { next += room(format) }
      return next
    }
    return (block.inputs.map(place), block.outputs.map(place))
  }

  /// Writes the inputs of a pass to memory, and the addresses of its tensors to the registers, and starts it.
  ///
  /// - Throws: `SimulationError` where the bus ends an access with an error or not at all.
  public func start(_ frames: ArraySlice<[[Int32]]>, pass: Int) throws(SimulationError) {
    let addresses = addresses(ofPass: pass)
    for (index, format) in block.inputs.enumerated() {
      memory.write(format.bytes(of: frames.prefix(format.frames).map { $0[index] }), at: addresses.inputs[index])
      try write(addresses.inputs[index], to: "input_address", index)
    }
    for index in block.outputs.indices { try write(addresses.outputs[index], to: "output_address", index) }
    try write(3, to: "control")
  }

  /// The outputs of a pass as they lie in memory, for each of its frames.
  public func outputs(ofPass pass: Int) -> [[[Int32]]] {
    let addresses = addresses(ofPass: pass).outputs
    let outputs = block.outputs.enumerated().map { index, format in
      format.frames(in: memory[addresses[index]..<(addresses[index] + format.bytes)])
    }
    return (0..<block.grid.framesPerPass).map { frame in
      outputs.map { frame < $0.count ? $0[frame] : [] }
    }
  }

  /// Runs frames through the block that is enabled, as many at once as it takes.
  ///
  /// Where outputs have batches, frames come in passes, as for ``GridSimulation``.
  ///
  /// - Throws: `SimulationError` where the block stops with an error, breaks a rule of a bus, or does not end.
  public func run(_ frames: [[[Int32]]]) throws(SimulationError) -> Run {
    let perPass = block.grid.framesPerPass
    let passes = frames.count / perPass
    let begun = try read("frame_count")
    var (started, done, lastChange) = (0, 0, bench.cycle)
    var cycles: [Int] = []
    while done < passes {
      let status = try status()
      if status.hasFailed {
        let error = try read("error")
        throw SimulationError(
          "the block stopped: outcome \(error & 0xff) at \(error >> 8 & 0xff), after \(done) of \(passes) passes")
      }
      if started < passes, status.room > 0 {
        try start(frames[(started * perPass)..<((started + 1) * perPass)], pass: started)
        started += 1
      } else {
        try bench.run(cycles: 16)
      }
      let count = try read("frame_count") &- begun
      if count > done {
        let took = try read("frame_time")
        cycles += (done..<count).map { _ in took }
        (done, lastChange) = (count, bench.cycle)
      } else if bench.cycle - lastChange > patience {
        throw SimulationError(
          "the block hangs: no frame ended for \(patience) cycles, of \(passes) passes \(done) did; "
            + bench.agents.map(\.status).joined(separator: "; "))
      }
    }
    return Run(outputs: (0..<passes).flatMap(outputs), cyclesPerPass: cycles)
  }
}
