import WeftAccelerators
import WeftNetworks
import WeftReport
import WeftSimulation
import WeftVerification

/// Runs accelerators whose forks rejoin, and counts what is wrong: values, locks and frames that take too long.
struct SkipRegression: CustomStringConvertible {
  /// Runs that went wrong.
  var failures = 0
  private var runs = 0
  private var values = 0
  private var queues = 0
  private var transfers = 0
  private var held = 0
  /// How much longer than without end of the queues, and than predicted, the frames of a run took at most.
  private var slowest = 1.0
  private var longest = 1.0

  /// The network of a seed with a random plan: under random stalls, with each output alone stalled for a whole frame,
  /// and without stalls. Returns what is wrong.
  mutating func run(seed: UInt64, engine: EngineKind) throws -> [String] {
    let bounds = RandomNetwork.Bounds(
      channels: 1...4, size: 5...8, convolutions: 1...1, kernels: [1, 3, 3, 5], greatestSize: 16, hasSkips: true)
    let random = RandomNetwork(seed: seed, bounds: bounds)
    let network = try random.quantized(random.mixedBits())
    var generator = SeededGenerator(seed: ~seed)
    var plan = Plan(randomFor: network, largest: 6, using: &generator)
    if network.outputs.count > 1, seed.isMultiple(of: 3) {
      for output in network.outputs { plan.batches[output.name] = Int.random(in: 1...2, using: &generator) }
    }
    let grid = try ElasticGrid(network, plan: plan)
    queues += grid.queues.count
    transfers += grid.queues.reduce(0) { $0 + $1.depth }
    var faults: [String] = []
    func check(_ name: String, _ verification: Verification) {
      let report = verification.report
      runs += 1
      values += report.comparedValues
      if !report.bitExact {
        faults.append("\(name): \(report.firstMismatch.map { "\($0)" } ?? "values differ")")
      }
      for mark in report.queues where mark.highWaterMark > mark.depth { faults.append("\(name): \(mark)") }
    }
    func verify(_ frames: [[[Int32]]], stalls: UInt64? = nil, outputStall: OutputStall? = nil) throws
      -> Verification
    {
      try Verification(
        of: grid, against: network, frames: frames, engine: engine, stalls: stalls, outputStall: outputStall)
    }
    let frames = RandomFrames(seed: seed).codes(of: network, count: 10 * grid.framesPerPass)
    check("random stalls", try verify(Array(frames.prefix(grid.wholePasses(3))), stalls: seed))
    let cycles = grid.cost.predictedCyclesPerFrame
    for output in network.outputs.indices {
      let stall = OutputStall(output: output, during: 2 * cycles..<3 * cycles + 1)
      check("output \(output) stalled", try verify(Array(frames.prefix(5 * grid.framesPerPass)), outputStall: stall))
    }
    let free = try verify(frames)
    check("no stalls", free)
    held += free.report.queues.reduce(0) { $0 + $1.highWaterMark }
    if !grid.queues.isEmpty {
      let endless = try GridSimulation(grid.settingDepths { 4 * $0.depth + 1000 }, engine: engine).run(frames)
      let (here, there) = (Self.cyclesPerPass(free.run), Self.cyclesPerPass(endless))
      slowest = max(slowest, here / there)
      if here > 1.005 * there {
        faults.append(
          "\(Figures.decimal(here, places: 1)) cycles a pass, \(Figures.decimal(there, places: 1)) with endless queues")
      }
    }
    let measured = Self.cyclesPerPass(free.run)
    let predicted = free.report.predictedCyclesPerFrame
    longest = max(longest, measured / Double(max(1, predicted)))
    if measured > 1.005 * Double(predicted) {
      faults.append("\(Figures.decimal(measured, places: 1)) cycles a pass, predicted \(predicted)")
    }
    failures += faults.count
    return faults
  }

  /// Cycles between passes in the middle: the first ones fill the pipeline, the last ones have it for themselves.
  private static func cyclesPerPass(_ run: GridRun) -> Double {
    let (first, last) = (run.lastBeats.count / 2, run.lastBeats.count - 2)
    return Double(run.cycles(fromPass: first, to: last)) / Double(last - first)
  }

  var description: String {
    """
    \(runs) runs, \(values) values compared, \(failures) failures
    \(queues) queues of \(transfers) transfers, of which \(held) were held at most without stalls
    frames at most \(Figures.decimal(100 * (slowest - 1), places: 2)) % longer than with endless queues, \
    \(Figures.decimal(100 * (longest - 1), places: 2)) % longer than predicted
    """
  }
}
