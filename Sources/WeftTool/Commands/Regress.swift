import ArgumentParser
import WeftAccelerators
import WeftExploration
import WeftNetworks
import WeftReport
import WeftSimulation
import WeftVerification

/// `weft regress`.
struct Regress: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Verifies accelerators for random networks, each with a random plan, under random stalls.",
    discussion: """
      Three different frames each. In three of four networks every layer has 4 to 16 bits of its own for weights and \
      for results, and in every second one of those with several outputs these have batches. A network is reproduced \
      by --seed and --networks 1. With --explore the plan is the fastest for a small device, nothing stalls, and the \
      cycles have to be the predicted ones to 0.5 %. With --skips the networks add and join maps; each output alone is \
      stalled for a whole frame too, and without stalls no frame may take longer than with queues without end. With \
      --blocks frames go through memory and registers, as on a board; with --faults something goes wrong at so many \
      moments of each of them, after which the next frame has to be right.
      """)

  @Option(help: "How many networks.") var networks = 200
  @Option(help: "The seed of the first; the next ones follow.") var seed: UInt64 = 1
  @Option(
    name: .long, parsing: .singleValue,
    help: "What simulates: \(Engine.allValueStrings.joined(separator: " or ")); repeats (default: both).")
  var engine: [Engine] = []
  @Flag(help: "Compare the cycles of explored plans with the predicted ones.") var explore = false
  @Flag(help: "Networks that fork and rejoin.") var skips = false

  @Flag(help: "Accelerators as blocks of a board.") var blocks = false
  @Option(
    help: ArgumentHelp(
      "How many registers stand in the paths of all stages (default: drawn for each, or `standard` with --explore).",
      valueName: UnitConfiguration.Pipelining.allValueStrings.joined(separator: "|")))
  var pipelining: UnitConfiguration.Pipelining?
  @Option(help: "As blocks, each with so many faults at random moments: resets, bus errors, stalls.") var faults: Int?

  func run() throws {
    var console = Console()
    if blocks || faults != nil { return try runBlocks(&console) }
    if skips, !explore { return try runSkips(&console) }
    var (failures, values, worst) = (0, 0, 0.0)
    for seed in seed..<seed + UInt64(max(networks, 0)) {
      do {
        let random = RandomNetwork(seed: seed, bounds: .init(hasSkips: skips))
        let network = try random.quantized(random.mixedBits())
        let plan = try plan(for: network, seed: seed)
        let grid = try ElasticGrid(network, plan: pipelining.map(plan.withPipelining) ?? plan)
        let frames = RandomFrames(seed: seed).codes(of: network, count: grid.framesPerPass * (explore ? 32 : 3))
        for engine in engine.isEmpty ? Engine.allCases : engine {
          let verification = try Verification(
            of: grid, against: network, frames: frames, engine: engine.kind, stalls: explore ? nil : seed)
          let report = verification.report
          values += report.comparedValues
          if explore {
            // Frames in the middle: the first ones fill the pipeline, and the last ones have it for themselves.
            let (first, last) = (8, 24)
            let cycles = Double(verification.run.cycles(fromPass: first, to: last)) / Double(last - first)
            let error = abs(cycles / Double(max(1, report.predictedCyclesPerFrame)) - 1)
            worst = max(worst, error)
            if error > 0.005 {
              failures += 1
              console.note(
                "seed \(seed), \(engine): \(Figures.decimal(cycles, places: 1)) cycles a frame, predicted "
                  + "\(report.predictedCyclesPerFrame)")
            }
          }
          guard !report.bitExact else { continue }
          failures += 1
          console.note(
            "seed \(seed), \(engine): \(report.mismatches) of \(report.comparedValues) values differ, first "
              + (report.firstMismatch?.description ?? "unknown"))
        }
      } catch {
        failures += 1
        console.note("seed \(seed): \(error)")
      }
      if (seed - self.seed + 1).isMultiple(of: 10) { console.note("\(seed - self.seed + 1) of \(networks) networks") }
    }
    print("\(networks) random networks, \(values) values compared, \(failures) failures")
    if explore { print("predicted cycles at most \(Figures.decimal(100 * worst, places: 2)) % off") }
    if failures > 0 { throw ExitCode(1) }
  }

  /// Networks that fork and rejoin, under stalls of all kinds.
  private func runSkips(_ console: inout Console) throws {
    var total = SkipRegression()
    let thrown = forEachNetwork(&console) { seed, engine in try total.run(seed: seed, engine: engine) }
    total.failures += thrown
    print("\(networks) random networks with skips, \(total)")
    if total.failures > 0 { throw ExitCode(1) }
  }

  /// Accelerators between registers and memory.
  private func runBlocks(_ console: inout Console) throws {
    var total = BlockRegression()
    let thrown = forEachNetwork(&console) { seed, engine in
      try faults.map { try total.fail(times: $0, seed: seed, engine: engine) } ?? total.run(seed: seed, engine: engine)
    }
    total.failures += thrown
    print("\(networks) random networks as blocks, \(total)")
    if total.failures > 0 { throw ExitCode(1) }
  }

  /// Tells what is wrong with the network of each seed, on each engine; returns how often that could not be said.
  private func forEachNetwork(_ console: inout Console, _ run: (UInt64, EngineKind) throws -> [String]) -> Int {
    var thrown = 0
    for seed in seed..<seed + UInt64(max(networks, 0)) {
      do {
        for engine in engine.isEmpty ? Engine.allCases : engine {
          for fault in try run(seed, engine.kind) { console.note("seed \(seed), \(engine): \(fault)") }
        }
      } catch {
        thrown += 1
        console.note("seed \(seed): \(error)")
      }
      if (seed - self.seed + 1).isMultiple(of: 10) { console.note("\(seed - self.seed + 1) of \(networks) networks") }
    }
    return thrown
  }

  /// A random plan, or the fastest on a small device.
  private func plan(for network: QuantizedNetwork, seed: UInt64) throws -> Plan {
    var generator = SeededGenerator(seed: ~seed)
    let hasBatches = network.outputs.count > 1 && seed % 2 == 0
    let batches = network.outputs.map { output in
      (name: output.name, batch: hasBatches ? Int.random(in: 1...3, using: &generator) : 1)
    }
    guard explore else {
      var plan = Plan(randomFor: network, largest: 9, using: &generator)
      plan.batches = Dictionary(batches) { first, _ in first }
      // Half of them have all weights in one place, the others in all places.
      switch seed / 2 % 4 {
      case 0: return plan.withWeights(in: .streamed, for: network)
      case 1: return plan.withWeights(in: .loaded, for: network)
      default: return plan
      }
    }
    let device = Device(name: "small", dspKind: .dsp48e2, dsp: 200, ramb18: 400, lut: nil)
    let space = try DesignSpace(
      network, device: device,
      branches: batches.map { ExplorationProblem.Branch(name: $0.name, batch: $0.batch) })
    let (charged, best) = try space.charging {
      try ExactSearch($0.problem, budget: device.budget).run().plan
    } choices: { $0.choices }
    return charged.plan(best.choices)
  }
}
