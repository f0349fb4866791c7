import Weft
import WeftAccelerators
import WeftNetworks
import WeftSimulation
import WeftVerification

/// Runs accelerators as blocks of a board, and counts what is wrong: values, locks, and what becomes of faults.
struct BlockRegression: CustomStringConvertible {
  /// Runs that went wrong.
  var failures = 0
  private var blocks = 0
  private var values = 0
  private var faults: [String: Int] = [:]

  /// The accelerator of a seed as a block, with buses and layouts that the seed says.
  private static func block(seed: UInt64, bounds: RandomNetwork.Bounds = .init()) throws
    -> (block: AcceleratorBlock<ElasticUnit>, network: QuantizedNetwork)
  {
    let random = RandomNetwork(seed: seed, bounds: bounds)
    let network = try random.quantized(random.mixedBits())
    var generator = SeededGenerator(seed: ~seed)
    var plan = Plan(randomFor: network, largest: 9, using: &generator)
    if network.outputs.count > 1, seed.isMultiple(of: 2) {
      for output in network.outputs { plan.batches[output.name] = Int.random(in: 1...3, using: &generator) }
    }
    switch seed / 2 % 4 {
    case 0: plan = plan.withWeights(in: .streamed, for: network)
    case 1: plan = plan.withWeights(in: .loaded, for: network)
    default: break
    }
    let settings = BlockSettings(
      addressWidth: [32, 40].randomElement(using: &generator) ?? 32,
      dataWidth: [32, 64, 128, 512].randomElement(using: &generator) ?? 64,
      layout: TensorFormat.Layout.allCases.randomElement(using: &generator) ?? .nchw,
      framesInFlight: Int.random(in: 2...4, using: &generator))
    return (AcceleratorBlock(try ElasticGrid(network, plan: plan), settings: settings), network)
  }

  private static func expected(
    _ frames: [[[Int32]]], _ network: QuantizedNetwork, _ grid: ElasticGrid
  ) throws -> [[[Int32]]] {
    let executor = try ReferenceExecutor(network)
    return try frames.enumerated().map { index, frame in
      try executor.run(frame).enumerated().map { index % grid.framesPerPass < grid.batches[$0] ? $1 : [] }
    }
  }

  /// Frames through the block of a seed, with random stalls at all channels of all buses. Returns what is wrong.
  mutating func run(seed: UInt64, engine: EngineKind) throws -> [String] {
    let (block, network) = try Self.block(seed: seed)
    let frames = RandomFrames(seed: seed).codes(of: network, count: 3 * block.grid.framesPerPass)
    let simulation = try BlockSimulation(block, engine: engine, stalls: seed)
    try simulation.enable()
    let run = try simulation.run(frames)
    let expected = try Self.expected(frames, network, block.grid)
    blocks += 1
    values += expected.joined().reduce(0) { $0 + $1.count }
    guard run.outputs != expected else { return [] }
    failures += 1
    return ["\(block.settings): values differ"]
  }

  // MARK: Faults

  /// What goes wrong at a random moment.
  private enum Fault: CaseIterable {
    case reset, disabling, busError, missingMemory, missingParameters, stall
  }

  /// Things that go wrong at so many random moments of the block of a seed; after each a frame has to be right. Returns
  /// what is wrong.
  mutating func fail(times: Int, seed: UInt64, engine: EngineKind) throws -> [String] {
    let bounds = RandomNetwork.Bounds(
      channels: 1...3, size: 3...4, convolutions: 1...1, kernels: [1, 3], greatestSize: 8)
    let (block, network) = try Self.block(seed: seed, bounds: bounds)
    let grid = block.grid
    let simulation = try BlockSimulation(block, engine: engine, stalls: seed)
    var generator = SeededGenerator(seed: seed)
    let frames = RandomFrames(seed: seed).codes(of: network, count: 2 * grid.framesPerPass)
    let expected = try Self.expected(frames, network, grid)
    let span = 200 + 4 * grid.cost.predictedCyclesPerFrame
    blocks += 1
    var wrong: [String] = []
    for moment in 0..<times {
      // Long stalls take long.
      let kinds = Fault.allCases.filter { $0 != .stall && ($0 != .missingParameters || block.hasParameters) }
      let fault = moment % 50 == 49 ? Fault.stall : kinds.randomElement(using: &generator) ?? .reset
      do {
        try simulation.enable()
        try begin(fault, simulation, frames, &generator)
        try simulation.bench.run(cycles: Int.random(in: 0..<span, using: &generator))
        try end(fault, simulation, &generator)
        let run = try simulation.run(frames)
        values += expected.joined().reduce(0) { $0 + $1.count }
        if run.outputs != expected { wrong.append("moment \(moment), \(fault): values differ") }
        try simulation.disable()
        faults["\(fault)", default: 0] += 1
      } catch {
        wrong.append("moment \(moment), \(fault): \(error)")
        break
      }
    }
    failures += wrong.count
    return wrong
  }

  /// Starts frames, with something wrong about them.
  private func begin(
    _ fault: Fault, _ simulation: BlockSimulation<ElasticUnit>, _ frames: [[[Int32]]],
    _ generator: inout SeededGenerator
  ) throws {
    let perPass = simulation.block.grid.framesPerPass
    switch fault {
    case .reset, .disabling, .stall:
      for pass in 0..<2 { try simulation.start(frames[(pass * perPass)..<((pass + 1) * perPass)], pass: pass) }
    case .busError:
      let addresses = simulation.addresses(ofPass: 0)
      let (inputs, outputs) = (simulation.block.inputs, simulation.block.outputs)
      let regions = Array(zip(inputs + outputs, addresses.inputs + addresses.outputs))
      let (format, address) = regions[Int.random(in: regions.indices, using: &generator)]
      let place = address + Int.random(in: 0..<format.bytes, using: &generator)
      let response: AXIResponse = Bool.random(using: &generator) ? .subordinateError : .decodeError
      simulation.frameMemory.faults = [AXIFault(place..<(place + 1), response)]
      try simulation.start(frames[0..<perPass], pass: 0)
    case .missingMemory:
      try simulation.start(frames[0..<perPass], pass: 0)
      // The second pass is told to lie where there is nothing.
      let index = Int.random(in: 0..<simulation.block.outputs.count, using: &generator)
      try simulation.write(0x0800_0000, to: "output_address", index)
      try simulation.write(3, to: "control")
    case .missingParameters:
      try simulation.disable()
      try simulation.write(0x0800_0000, to: "parameters_address")
      try simulation.write(1, to: "control")
    }
  }

  /// Lets the fault happen, looks what the block says of it, and mends it.
  private func end(
    _ fault: Fault, _ simulation: BlockSimulation<ElasticUnit>, _ generator: inout SeededGenerator
  ) throws {
    switch fault {
    case .reset:
      try simulation.bench.reset(cycles: Int.random(in: 1...3, using: &generator))
      try simulation.enable()
    case .disabling:
      try simulation.disable()
      try simulation.enable()
    case .busError, .missingMemory, .missingParameters:
      try simulation.waitForFailure()
      let outcome = try simulation.read("error") & 0xff
      let isExpected = outcome == 2 || (fault == .busError && outcome == 1)
      guard isExpected else { throw SimulationError("the block stopped with the outcome \(outcome)") }
      simulation.frameMemory.faults = []
      try simulation.disable()
      try simulation.enable()
    case .stall:
      simulation.frameMemory.stall(cycles: 100_000)
      simulation.parameterMemory?.stall(cycles: 100_000)
      try simulation.bench.run(cycles: 100_000)
      try simulation.waitForFrames(2)
    }
  }

  var description: String {
    let kinds = faults.sorted { $0.key < $1.key }.map { "\($0.value) x \($0.key)" }.joined(separator: ", ")
    return "\(blocks) blocks, \(values) values compared, \(failures) failures" + (kinds.isEmpty ? "" : "\n\(kinds)")
  }
}
